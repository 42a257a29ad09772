/** Where home leads to. What isn't built isn't here. */
import { go, mayShow } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import type { IconName } from "../../parts/icon.tsx";
import type { TextKey } from "../../text.ts";

export interface HomePlace {
  readonly route: RouteId;
  readonly label: TextKey;
  readonly icon: IconName;
  /** A colour of the patches: paper.css. */
  readonly patch: "sky" | "sand" | "brick" | "moss" | "plum";
}

const places: readonly HomePlace[] = [
  { route: "things", label: "home.things", icon: "things", patch: "sky" },
  { route: "people", label: "home.people", icon: "people", patch: "brick" },
  { route: "wishes", label: "home.wishes", icon: "star", patch: "moss" },
  { route: "case", label: "case.title", icon: "work", patch: "sand" },
];

/** Those that this pocket has: the small one behind a second code has no people. */
export const placesHere = (): readonly HomePlace[] => places.filter(({ route }) => mayShow(route));

export const openPlace = (place: { readonly route: RouteId }): void => go(place.route);

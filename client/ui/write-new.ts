import { createEntry } from "../state/entry.ts";
import { go, type RouteParams } from "../state/route.ts";
import type { OwnKind } from "../state/types.ts";
import { say } from "./parts/live.tsx";
import { t } from "./text.ts";

let making = false;

/** Makes an empty entry or wish and opens it; `more` goes to its screen. A second tap while it is being made does nothing. */
export const writeNew = async (kind: OwnKind, more: RouteParams = {}): Promise<void> => {
  if (making) return;
  making = true;
  try {
    go("entry", { document: await createEntry(kind), fresh: "yes", ...more });
  } catch {
    say(t("entry.notMade"));
  } finally {
    making = false;
  }
};

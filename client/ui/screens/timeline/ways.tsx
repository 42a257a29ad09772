import { go } from "../../../state/route.ts";
import type { RouteId } from "../../../state/route-table.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { type TextKey, t } from "../../text.ts";

const ways: readonly { readonly route: RouteId; readonly label: TextKey; readonly icon: IconName }[] = [
  { route: "calendar", label: "calendar.title", icon: "day" },
  { route: "wall", label: "wall.title", icon: "picture" },
  { route: "life", label: "life.title", icon: "route" },
  { route: "me", label: "me.short", icon: "child" },
];

/** Other ways to one's things: by day, by photo, as a line, as a page about oneself. */
export function Ways() {
  return (
    <nav class="ways" aria-label={t("ways.navLabel")}>
      {ways.map(({ route, label, icon }) => (
        <button key={route} type="button" onClick={() => go(route)}>
          <Icon name={icon} />
          <span>{t(label)}</span>
        </button>
      ))}
    </nav>
  );
}

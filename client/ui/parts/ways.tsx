import { go } from "../../state/route.ts";
import type { RouteId } from "../../state/route-table.ts";
import { type TextKey, t } from "../text.ts";
import { Icon, type IconName } from "./icon.tsx";
import "./ways.css";

export interface Way {
  readonly route: RouteId;
  readonly label: TextKey;
  readonly icon: IconName;
}

/** Ways on from a page: a sign and a word each. */
export function Ways({ ways, label }: { ways: readonly Way[]; label: TextKey }) {
  return (
    <nav class="ways" aria-label={t(label)}>
      {ways.map(({ route, label: word, icon }) => (
        <button key={route} type="button" onClick={() => go(route)}>
          <Icon name={icon} />
          <span>{t(word)}</span>
        </button>
      ))}
    </nav>
  );
}

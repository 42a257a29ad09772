import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

export interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onPress: () => void;
  /** now: yellow, the one thing to do (at most one per screen) · act: denim on ground · line: an outline · quiet: words only */
  readonly kind?: "now" | "act" | "line" | "quiet";
  readonly icon?: IconName;
  readonly big?: boolean;
  readonly wide?: boolean;
  /** Stays reachable by keyboard, and says why in `title` or text beside it. */
  readonly off?: boolean;
  /** For a button that unfolds something. */
  readonly expanded?: boolean;
}

/** A button is a small pocket. */
export function Button({ children, onPress, kind = "line", icon, big, wide, off = false, expanded }: ButtonProps) {
  const names = ["btn", kind, big ? "big" : "", wide ? "wide" : ""].filter(Boolean).join(" ");
  return (
    <button type="button" class={names} aria-disabled={off} aria-expanded={expanded} onClick={() => !off && onPress()}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

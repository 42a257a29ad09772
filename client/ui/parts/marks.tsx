import type { PocketColour } from "../../state/types.ts";

/** Lomme's own sign, a small pocket in the pocket's colour; the label belongs to whoever shows it. */
export function PocketMark({ size = 22 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size * 1.14} viewBox="0 0 28 32" aria-hidden="true" focusable="false">
      <path d="M0 0h28v18a14 14 0 0 1-28 0z" />
      <path class="thread" d="M3 7h22" stroke-width="2" stroke-dasharray="3.4 2.8" stroke-linecap="round" />
    </svg>
  );
}

/** A person is the pocket turned over, with the first letter of the name. The name itself stands beside it. */
export function PersonMark({ name, colour }: { name: string; colour?: PocketColour }) {
  return (
    <span class={`person ${colour ?? ""}`} aria-hidden="true">
      {[...name.trim()][0]?.toLocaleUpperCase() ?? "?"}
    </span>
  );
}

/** A sewn-on button: fills a code's slot without saying which picture it was. */
export function SewnButton() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" />
      <path
        d="M7.5 7.5v0M12.5 7.5v0M7.5 12.5v0M12.5 12.5v0"
        stroke="currentColor"
        stroke-width="2.4"
        stroke-linecap="round"
      />
    </svg>
  );
}

import { iconPaths } from "./icon-paths.ts";

export type IconName = keyof typeof iconPaths;

/** A Lucide icon. Always beside a word or inside something with a label, so it is hidden from screen readers. */
export function Icon({ name, small }: { name: IconName; small?: boolean }) {
  return (
    <svg class={small ? "ic small" : "ic"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={iconPaths[name]} />
    </svg>
  );
}

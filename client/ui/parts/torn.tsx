import type { ComponentChildren } from "preact";

/** Fixed, irregular teeth: the same tear everywhere, so that it reads as a sign and not as decoration. */
const teeth = [0, 5, 2, 7, 3, 8, 4, 6, 1, 5, 3, 8, 2, 6, 4, 7, 2, 5, 3, 6, 1, 7, 3, 5, 2, 8, 4, 6, 2, 5, 0];
const tear = `M0 0${teeth.map((depth, index) => `L${index * 10} ${depth + 1}`).join("")}L300 0Z`;

/** A note with a torn lower edge: it has been shown, or is about to be. */
export function Torn({ children, class: extra = "" }: { children: ComponentChildren; class?: string }) {
  return (
    <div class={`torn ${extra}`}>
      {children}
      <svg class="rip" viewBox="0 0 300 9" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <path fill="currentColor" d={tear} />
      </svg>
    </div>
  );
}

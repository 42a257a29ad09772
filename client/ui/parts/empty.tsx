import type { JSX } from "preact";

/** Nothing here yet: a drawing in a small pocket and a sentence. No guilt, no urging. */
export function Empty({ patch, Drawing, text }: { patch: string; Drawing: () => JSX.Element; text: string }) {
  return (
    <div class="empty">
      <span class={`empty-patch ${patch}`}>
        <Drawing />
      </span>
      <p class="voice">{text}</p>
    </div>
  );
}

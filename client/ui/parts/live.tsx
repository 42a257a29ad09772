import { signal } from "@preact/signals";

const spoken = signal("");

/** Says a sentence to screen readers, politely; what it says is also on the screen. */
export function say(text: string): void {
  spoken.value = "";
  // A changed text is announced, a repeated one isn't: empty it for a moment first.
  setTimeout(() => {
    spoken.value = text;
  }, 30);
}

/** Stands at the root of the page, and in every dialog. */
export function LiveRegion() {
  return (
    <div class="vh" role="status" aria-live="polite">
      {spoken.value}
    </div>
  );
}

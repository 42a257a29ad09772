/**
 * The first frames after the code belong to the first screen: what it asks for beside its newest things waits until it stands.
 * Asked for earlier, reading all that takes the processor from drawing it.
 */

/** A page out of sight draws no frames. */
const AT_MOST_MS = 200;

let drawing: Promise<void> | null = null;

/** Resolves when the first screen stands; null while none is being drawn. */
export const firstFrames = (): Promise<void> | null => drawing;

/** To be called right before one lands inside. */
export function beginFirstFrames(): void {
  const drawn = new Promise<void>((resolve) => {
    setTimeout(resolve, AT_MOST_MS);
    // A frame has been handed to the screen when the next one begins.
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
  drawing = drawn.then(() => {
    drawing = null;
  });
}

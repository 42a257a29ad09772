/**
 * Opened pictures as object URLs for <img>. Each is opened once, counted while screens show it, and revoked when the
 * last one lets go, so that no decoded picture outlives its screen.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { BlobRef } from "../vault/api.ts";
import { firstFrames } from "./first-frames.ts";
import { onVaultEvent, vault } from "./vault.ts";

/** waiting: being opened. missing: its chunks are not on this device yet; it is tried again when something arrives. */
export type PictureState = "waiting" | "missing" | { readonly url: string };

interface Held {
  readonly ref: BlobRef;
  readonly state: Signal<PictureState>;
  holders: number;
}

const held = new Map<string, Held>();

const open = async (picture: Held): Promise<void> => {
  try {
    await firstFrames();
    if (picture.holders === 0) return;
    const blob = await vault().readBlob(picture.ref);
    if (picture.holders > 0) picture.state.value = { url: URL.createObjectURL(blob) };
  } catch {
    picture.state.value = "missing";
  }
};

onVaultEvent((event) => {
  if (event.type !== "changed" && event.type !== "sync") return;
  for (const picture of held.values()) if (picture.state.value === "missing") void open(picture);
});

/** Call `release` when the screen goes. */
export const holdPicture = (
  ref: BlobRef,
): { readonly state: ReadonlySignal<PictureState>; readonly release: () => void } => {
  const key = `${ref.space}/${ref.blob}`;
  let picture = held.get(key);
  if (picture === undefined) {
    picture = { ref, state: signal<PictureState>("waiting"), holders: 0 };
    held.set(key, picture);
  }
  const mine = picture;
  mine.holders += 1;
  if (mine.holders === 1) void open(mine);
  let released = false;
  return {
    state: mine.state,
    release: () => {
      if (released) return;
      released = true;
      mine.holders -= 1;
      if (mine.holders > 0) return;
      held.delete(key);
      if (typeof mine.state.value === "object") URL.revokeObjectURL(mine.state.value.url);
    },
  };
};

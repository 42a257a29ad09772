import { useEffect, useState } from "preact/hooks";
import { holdPicture, type PictureState } from "../../../state/pictures.ts";
import type { PhotoRef } from "../../../state/types.ts";

/** A picture, held as long as it stands in the book; says once that it has come, or that it won't. Null: none to wait for. */
export function useHeld(picture: PhotoRef["full"] | null, onLoaded: () => void): PictureState | null {
  const [state, setState] = useState<PictureState>("waiting");
  const { space, blob } = picture ?? {};
  useEffect(() => {
    if (space === undefined || blob === undefined) return;
    const held = holdPicture({ space, blob });
    let told = false;
    const stop = held.state.subscribe((next) => {
      setState(next);
      if (next === "waiting" || told) return;
      told = true;
      onLoaded();
    });
    return () => {
      stop();
      held.release();
    };
  }, [space, blob]);
  return picture === null ? null : state;
}

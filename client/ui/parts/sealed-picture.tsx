import { useEffect, useState } from "preact/hooks";
import { holdPicture, type PictureState } from "../../state/pictures.ts";
import type { PhotoRef } from "../../state/types.ts";
import { Icon } from "./icon.tsx";

/**
 * A photo from the vault, opened while it is on the screen. Before it is there, and where its bytes have not come yet,
 * a quiet field of the same size stands in its place.
 */
export function SealedPicture({
  picture,
  alt,
  class: extra = "",
}: {
  picture: PhotoRef["full"];
  /** Empty where words beside it say what it is. */
  alt: string;
  class?: string;
}) {
  const { space, blob } = picture;
  const [state, setState] = useState<PictureState>("waiting");
  useEffect(() => {
    const held = holdPicture({ space, blob });
    const stop = held.state.subscribe(setState);
    return () => {
      stop();
      held.release();
    };
  }, [space, blob]);
  if (typeof state === "object") return <img class={`photo ${extra}`} src={state.url} alt={alt} draggable={false} />;
  return (
    <span class={`photo waiting ${extra}`} role="img" aria-label={alt}>
      {state === "missing" && <Icon name="clock" />}
    </span>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";
import { holdPicture, type PictureState } from "../../state/pictures.ts";
import type { PhotoRef } from "../../state/types.ts";
import { Icon } from "./icon.tsx";

/** How far from the window a picture is opened already, so that scrolling rarely meets an empty field. */
const NEAR = "400px";

/**
 * A photo from the vault, opened when it comes near the window and held while it is on the screen. Before it is there,
 * and where its bytes have not come yet, a quiet field of the same size stands in its place.
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
  const place = useRef<HTMLSpanElement>(null);
  const [state, setState] = useState<PictureState>("waiting");
  useEffect(() => {
    let letGo = (): void => undefined;
    const open = (): void => {
      const held = holdPicture({ space, blob });
      const stop = held.state.subscribe(setState);
      letGo = () => {
        stop();
        held.release();
      };
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        open();
      },
      { rootMargin: NEAR },
    );
    if (place.current !== null) observer.observe(place.current);
    return () => {
      observer.disconnect();
      letGo();
    };
  }, [space, blob]);
  if (typeof state === "object") {
    return <img class={`photo ${extra}`} src={state.url} alt={alt} draggable={false} decoding="async" />;
  }
  // Without words of its own it is an ornament while it is waited for, as the picture will be.
  const named = alt === "" ? {} : ({ role: "img", "aria-label": alt } as const);
  return (
    <span ref={place} class={`photo waiting ${extra}`} {...named}>
      {state === "missing" && <Icon name="clock" />}
    </span>
  );
}

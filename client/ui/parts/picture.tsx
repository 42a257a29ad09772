import sprite from "../pictures/pictures.svg?url";
import { writtenPictureName } from "../text.ts";

/** Fetches the sprite ahead of the screen that needs it, so that no tile is empty for a moment. */
export function warmPictures(): void {
  new Image().src = sprite;
}

/** One of the 64 pictures of the code, from the sprite that is loaded when the first of them is shown. */
export function Picture({ picture }: { picture: number }) {
  return (
    <svg class="fl" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <use href={`${sprite}#p${picture}`} />
    </svg>
  );
}

/** A picture with its name under it. */
export function NamedPicture({ picture }: { picture: number }) {
  return (
    <>
      <Picture picture={picture} />
      <span>{writtenPictureName(picture)}</span>
    </>
  );
}

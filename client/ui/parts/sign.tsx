import type { JSX } from "preact";
import sprite from "../pictures/signs.svg?url";
import { type TextKey, t } from "../text.ts";
import "./sign.css";

/** Homes are houses of Lomme's own; what happened stands on a small pocket; a gap is an open, dashed house. */
const drawn: Readonly<Record<string, () => JSX.Element>> = {
  "house-block": () => (
    <>
      <path fill="#e8d5b9" d="M14 22h56v62H14z" />
      <path fill="var(--roof)" d="M10 14h64v8H10z" />
      <path
        fill="#7fa9c4"
        d="M22 30h10v10H22zM37 30h10v10H37zM52 30h10v10H52zM22 47h10v10H22zM52 47h10v10H52zM22 64h10v10H22zM52 64h10v10H52z"
      />
      <path fill="#b5432e" d="M37 58h10v26H37z" />
    </>
  ),
  "house-long": () => (
    <>
      <path fill="#f4b73f" d="M6 44h72v40H6z" />
      <path fill="#8a4b32" d="M0 46L14 20h56l14 26z" />
      <path fill="#b5432e" d="M54 10h10v16H54z" />
      <path d="M24 46v38M60 46v38" stroke="#8a4b32" stroke-width="4" />
      <path fill="#fbf7f0" d="M10 54h10v12H10zM64 54h10v12H64zM29 54h10v12H29z" />
      <path fill="#2f4b7c" d="M44 56h12v28H44z" />
    </>
  ),
  "house-red": () => (
    <>
      <path fill="#b5432e" d="M10 40L42 12l32 28v44H10z" />
      <path fill="var(--roof)" d="M42 6L2 42l6 6 34-30 34 30 6-6z" />
      <path fill="#fbf7f0" d="M20 52h14v14H20zM36 30h12v10H36z" />
      <path d="M27 52v14M20 59h14" stroke="#b5432e" stroke-width="2.5" />
      <path fill="#4f6238" d="M48 54h16v30H48z" />
      <circle cx="60" cy="69" r="1.8" fill="#fbf7f0" />
    </>
  ),
  "house-blue": () => (
    <>
      <path fill="#fbf7f0" stroke="#857a68" stroke-width="2" d="M8 42h68v41H8z" />
      <path fill="#2f4b7c" stroke="var(--roof-edge)" stroke-width="1.5" d="M2 44L18 16h48l16 28z" />
      <path fill="#fbf7f0" d="M36 24h12v12H36z" />
      <path fill="#7fa9c4" d="M16 52h14v14H16zM54 52h14v14H54z" />
      <path fill="#f4b73f" d="M36 56h12v28H36z" />
      <path fill="#4f6238" d="M0 84c0-10 4-14 8-14s8 4 8 14z" />
    </>
  ),
  gap: () => (
    <path
      d="M8 82V40l34-28 34 28v42z"
      fill="none"
      stroke="var(--edge)"
      stroke-width="2.5"
      stroke-dasharray="7 6"
      stroke-linecap="round"
    />
  ),
};

const known: ReadonlySet<string> = new Set(
  (
    "star baby mum dad grandma grandpa sibling friends teacher school move hospital holiday birthday dog cat horse " +
    "football bike music draw games swim book outside hug quiet headphones bed teddy lamp dark bath walk shout crowd touch " +
    "hurry surprise pizza pasta rice soup milk fruit greens egg pancakes ice meat fish moon clock door water slow ask wait " +
    "beside say heart ball dance"
  ).split(" "),
);

/** All that this version can draw. */
export const signNames: readonly string[] = [...Object.keys(drawn), ...known];

/** A sign that a newer Lomme put there is shown as a star. */
const shownAs = (sign: string): string => (sign in drawn || known.has(sign) ? sign : "star");

export const signWord = (sign: string): string => t(`sign.${shownAs(sign)}` as TextKey);

/** One sign. Its word stands beside it, so it is hidden from screen readers. */
export function Sign({ sign, bare = false }: { sign: string; bare?: boolean }) {
  const House = drawn[sign];
  if (House !== undefined) {
    return (
      <svg class="sign" viewBox="0 0 84 84" aria-hidden="true" focusable="false">
        <House />
      </svg>
    );
  }
  return (
    <span class={bare ? "sign bare" : "sign event"} aria-hidden="true">
      <svg viewBox="0 0 32 32" focusable="false" aria-hidden="true">
        <use href={`${sprite}#${shownAs(sign)}`} />
      </svg>
    </span>
  );
}

/** Signs with their words, as they stand on the page about me. */
export function SignList({ signs }: { signs: readonly string[] }) {
  if (signs.length === 0) return null;
  return (
    <ul class="sign-list">
      {signs.map((sign) => (
        <li key={sign}>
          <Sign sign={sign} bare />
          <span>{signWord(sign)}</span>
        </li>
      ))}
    </ul>
  );
}

import { t } from "../../text.ts";

/** What a child reads without effort (product.md). */
export const LIX_LIMIT = 20;
const MOST = 50;
const WIDTH = 240;

/** The stitched line with a small pocket where the text stands and a mark where the limit is. The words beside it say the same. */
export function LixScale({ lix }: { lix: number }) {
  const at = (Math.min(lix, MOST) / MOST) * WIDTH;
  const limit = (LIX_LIMIT / MOST) * WIDTH;
  return (
    <p class="lix">
      <b>{t("desk.lix", { lix })}</b>
      <svg viewBox={`0 0 ${WIDTH} 20`} width={WIDTH} height="20" aria-hidden="true" focusable="false">
        <path
          d={`M1 10H${WIDTH - 1}`}
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray="6 5"
          stroke-linecap="round"
        />
        <path d={`M${limit} 2v16`} stroke="currentColor" stroke-width="2" />
        <path d={`M${Math.min(WIDTH - 16, Math.max(0, at - 8))} 2h16v8a8 8 0 0 1-16 0z`} fill="var(--rain)" />
      </svg>
    </p>
  );
}

import { useId } from "preact/hooks";
import { stitch as ownStitch } from "../../state/session.ts";
import type { Stitch as Kind } from "../../state/types.ts";

/**
 * The one stitched line: it means "mine". Dash or cross, as the pocket's owner chose, so that two pockets differ in more
 * than colour. `still` puts it into the flow instead of along the hem.
 */
export function Stitch({ kind = ownStitch.value, still }: { kind?: Kind; still?: boolean }) {
  const cross = useId();
  return (
    <svg class={still ? "stitch still" : "stitch"} height="10" aria-hidden="true" focusable="false">
      {kind === "cross" ? (
        <>
          <defs>
            <pattern id={cross} width="18" height="10" patternUnits="userSpaceOnUse">
              <path d="M5 1l8 8M13 1l-8 8" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
            </pattern>
          </defs>
          <rect width="100%" height="10" fill={`url(#${cross})`} />
        </>
      ) : (
        <line
          x1="1"
          x2="100%"
          y1="5"
          y2="5"
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray="9 7"
          stroke-linecap="round"
        />
      )}
    </svg>
  );
}

import { useEffect, useState } from "preact/hooks";
import { summariesOf } from "../state/timeline.ts";
import type { Summary } from "../state/types.ts";

/** Summaries of these documents, those that are here; asked for again when others are wanted. */
export function useSummaries(documents: readonly Summary["document"][]): readonly Summary[] {
  const [found, setFound] = useState<readonly Summary[]>([]);
  const names = documents.join(" ");
  useEffect(() => {
    let left = false;
    summariesOf(documents).then(
      (summaries) => {
        if (!left) setFound(summaries);
      },
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [names]);
  return found;
}

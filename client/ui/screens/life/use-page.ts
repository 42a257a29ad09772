import { useEffect, useState } from "preact/hooks";
import { type PageKind, pageOf } from "../../../state/life.ts";
import type { Summary } from "../../../state/types.ts";

/** The pocket's document of this kind, opened for as long as the screen is there. Null until the vault has named it. */
export function usePage<Open extends { close(): void }>(
  kind: PageKind,
  open: (document: Summary["document"]) => Open,
): { readonly page: Open | null; readonly failed: boolean; again(): void } {
  const [page, setPage] = useState<Open | null>(null);
  const [failed, setFailed] = useState(false);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let opened: Open | null = null;
    let left = false;
    pageOf(kind).then(
      (document) => {
        if (left) return;
        opened = open(document);
        setPage(opened);
      },
      () => setFailed(true),
    );
    return () => {
      left = true;
      opened?.close();
    };
  }, [kind, tries]);
  return {
    page,
    failed,
    again: () => {
      setFailed(false);
      setTries(tries + 1);
    },
  };
}

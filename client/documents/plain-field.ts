/**
 * A plain field of words over a Y.Text: what a person typed is written as the one place where it differs, so that two
 * devices that write in the same field both keep their words.
 */
import type * as Y from "yjs";

/** Makes `text` read `next`. An emoji is never cut in two: Yjs would put a replacement character for each half. */
export function writeField(text: Y.Text, next: string): void {
  const now = text.toString();
  if (now === next) return;
  let from = 0;
  while (from < now.length && from < next.length && now[from] === next[from]) from += 1;
  if (from > 0 && isHigh(now.charCodeAt(from - 1))) from -= 1;
  let same = 0;
  const most = Math.min(now.length, next.length) - from;
  while (same < most && now[now.length - 1 - same] === next[next.length - 1 - same]) same += 1;
  if (same > 0 && isLow(now.charCodeAt(now.length - same))) same -= 1;
  const insert = next.slice(from, next.length - same);
  const change = (): void => {
    const cut = now.length - same - from;
    if (cut > 0) text.delete(from, cut);
    if (insert !== "") text.insert(from, insert);
  };
  if (text.doc === null) change();
  else text.doc.transact(change);
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

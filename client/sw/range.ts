/** One byte range of a request (RFC 9110 §14), as players send it. */

/** Both ends are part of it. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Null: answer with everything, as for a header that isn't understood (several ranges, another unit). */
export function readRange(header: string | null, length: number): ByteRange | "unsatisfiable" | null {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return null;
  if (first === "") {
    const suffix = Number(last);
    return suffix === 0 || length === 0 ? "unsatisfiable" : { from: Math.max(0, length - suffix), to: length - 1 };
  }
  const from = Number(first);
  if (last !== "" && Number(last) < from) return null;
  if (from >= length) return "unsatisfiable";
  return { from, to: last === "" ? length - 1 : Math.min(Number(last), length - 1) };
}

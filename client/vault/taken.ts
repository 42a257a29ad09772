/** A name in the log that is taken: what is whole here is never written over by something else that came under it. */
import { hashInner } from "../../crypto/inner.ts";
import type { OpenedRecord } from "../../crypto/records.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { StoredRecord } from "../../protocol/frames.ts";
import type { SpaceLog } from "./space-log.ts";

/**
 * A row that can be read stands under the name of this record, and the record is another: a damaged copy of it, or, in a
 * circle, one by which a member would write over another's words with the server's help. In the pocket only our own
 * devices sign, so what opens there needs no look at the disk.
 */
export async function isTaken(
  log: SpaceLog,
  { kind, document, opId }: StoredRecord,
  opened: OpenedRecord | string,
): Promise<boolean> {
  if (typeof opened !== "string" && log.keyring.space(log.space)?.kind !== "circle") return false;
  const known = (await log.row(kind, document, opId))?.inner ?? null;
  return known !== null && (typeof opened === "string" || !equalBytes(hashInner(opened.inner), hashInner(known)));
}

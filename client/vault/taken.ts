/** A name in the log that is taken: what is whole here is never written over by something else that came under it. */
import type { OpenedRecord } from "../../crypto/records.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { AuthorPublicKey } from "../../crypto/types.ts";
import type { KnownRow } from "./read-record.ts";
import type { SpaceLog } from "./space-log.ts";
import type { LogRow } from "./space-rows.ts";

/**
 * A row that can be read stands under the name of this record, and the record is another: a damaged copy of it; in a
 * circle one by which a member would write over another's words with the server's help; in the pocket one by somebody who
 * found a lost device and has its keys. What our own key of now signed in the pocket needs no look at the disk: nobody
 * but our own devices has that.
 *
 * What stands there and is in nobody's chain holds no name against what an author says who counts: with the server's help
 * whoever was removed could take the names of words on their way, and those would never be shown.
 */
export async function isTaken(
  log: SpaceLog,
  opened: OpenedRecord | string,
  author: AuthorPublicKey | string | null,
  knownRow: KnownRow,
): Promise<boolean> {
  const keys = log.keyring.space(log.space);
  const isOurs = author instanceof Uint8Array && keys !== null && equalBytes(author, keys.author.publicKey);
  if (typeof opened !== "string" && keys?.kind !== "circle" && isOurs) return false;
  const known = await knownRow();
  if (known === null || known.inner === null) return false;
  if (typeof opened === "string") return true;
  if (author instanceof Uint8Array && isInNoChain(known)) return false;
  return !equalBytes(opened.inner, known.inner);
}

const isInNoChain = ({ problem }: LogRow): boolean =>
  problem === "unknown-author" || problem === "retired" || problem === "fork";

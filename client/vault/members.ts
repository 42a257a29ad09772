/** Who writes in a circle, through every key a person ever has, and which Yjs client ids are theirs. */
import { equalBytes, toHex } from "../../crypto/sodium.ts";
import type { AuthorPublicKey } from "../../crypto/types.ts";
import { clientTag, isClientOf } from "../documents/client-ids.ts";
import { hasSaneClocks } from "../documents/probe.ts";
import { clientIdsOf } from "../documents/updates.ts";
import type { SpaceLog } from "./space-log.ts";
import type { Mutable, RecordProblem, SpaceState } from "./space-rows.ts";

/** Who an author is through every key it ever has; the key itself where nothing more is known. */
export function memberOf({ members }: Pick<SpaceState, "members">, author: AuthorPublicKey): string {
  const name = toHex(author);
  return members?.[name] ?? name;
}

/**
 * The same in the moment in which my own key is already another and the roster that says so hasn't come: an owner's key
 * stands for the owner.
 */
export function memberIn(
  log: SpaceLog,
  state: Pick<SpaceState, "members" | "owners">,
  author: AuthorPublicKey,
): string {
  const keys = log.keyring.space(log.space);
  const isMine = keys?.right === "own" && equalBytes(keys.author.publicKey, author);
  const [owner] = state.owners;
  return isMine && owner !== undefined && state.members?.[toHex(author)] === undefined
    ? memberOf(state, owner)
    : memberOf(state, author);
}

/**
 * In a joint page a Yjs client id is its member's (client-ids.ts); another who uses it could make two histories that Yjs
 * can't tell apart. Where an owner gave two members ids that begin alike, it belongs to whoever wrote with it first. What
 * only deletes carries no client id and is allowed.
 */
export function foreignClient(
  log: SpaceLog,
  state: Mutable<SpaceState>,
  update: Uint8Array,
  author: AuthorPublicKey,
): RecordProblem | null {
  if (log.keyring.space(log.space)?.kind !== "circle") return null;
  const name = memberIn(log, state, author);
  const tag = clientTag(name);
  let ids: readonly number[];
  try {
    ids = clientIdsOf(update);
  } catch {
    return "malformed";
  }
  if (!hasSaneClocks(update)) return "poison";
  if (ids.some((id) => !isClientOf(id, tag) || (state.clients[id] ?? name) !== name)) return "foreign-client";
  if (ids.some((id) => state.clients[id] === undefined)) {
    state.clients = { ...state.clients, ...Object.fromEntries(ids.map((id) => [String(id), name])) };
  }
  return null;
}

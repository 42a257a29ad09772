/**
 * Reading a circle: its said records as the two people's words, everything else left aside. Authorship is what the core
 * checked; what a payload says about itself counts only when its author may say it.
 */
import { equalBytes } from "../../../crypto/sodium.ts";
import { openTombstone, type TombstoneFields } from "../../../crypto/tombstones.ts";
import type { AuthorPublicKey, ChainId, DocumentTag, OwnerPublicKey, SpaceId } from "../../../crypto/types.ts";
import { myAuthorsIn } from "./circle-wraps.ts";
import { parseControl } from "./control.ts";
import type { CircleRow, Ledger, PersonRow } from "./ledger.ts";
import { type AboutPayload, parseSaid, type SaidPayload, type ShownPayload } from "./payloads.ts";
import type { OpenedRecord, SharingCore } from "./ports.ts";
import { withSaneTimes } from "./said-times.ts";

export interface Utterance<Payload extends SaidPayload = SaidPayload> {
  readonly document: DocumentTag;
  readonly from: "me" | "them";
  readonly payload: Payload;
  readonly record: OpenedRecord;
}

/** One circle with the person it is shared with, everything that stands in it, and what of it was said. */
export interface Heard {
  readonly circle: CircleRow;
  readonly person: PersonRow;
  readonly records: readonly OpenedRecord[];
  readonly utterances: readonly Utterance[];
}

export async function hearCircle(core: SharingCore, ledger: Ledger, space: SpaceId): Promise<Heard | null> {
  const circle = await ledger.circles.get(space);
  const person = circle === null ? null : await ledger.people.get(circle.person);
  if (circle === null || person === null) return null;
  const records = await core.records(space);
  const said = readUtterances(person, records, myAuthorsIn(person, circle));
  return { circle, person, records, utterances: withSaneTimes(said, { begun: person.begun, now: core.now() }) };
}

/** In the order of the space. Records by anyone but the two of us, and payloads that can't be read, are left out. */
export function readUtterances(
  person: PersonRow,
  records: readonly OpenedRecord[],
  mine: readonly AuthorPublicKey[] = [person.myAuthor.publicKey],
): readonly Utterance[] {
  return records.flatMap((record) => {
    if (record.kind !== "said") return [];
    const from = authorOf(person, record, mine);
    const payload = from === null ? null : parseSaid(record.payload);
    return from === null || payload === null ? [] : [{ document: record.document, from, payload, record }];
  });
}

function authorOf(
  { theirAuthor, theirEarlier = [] }: PersonRow,
  { author }: OpenedRecord,
  mine: readonly AuthorPublicKey[],
): "me" | "them" | null {
  const isOneOf = (keys: readonly AuthorPublicKey[]): boolean => keys.some((key) => equalBytes(author, key));
  if (isOneOf(mine)) return "me";
  return theirAuthor !== null && isOneOf([theirAuthor, ...theirEarlier]) ? "them" : null;
}

export const isShown = (utterance: Utterance): utterance is Utterance<ShownPayload> =>
  utterance.payload.type === "shown";

/** Everything said about one share, by `from`, of one type, in order. */
export function saidAbout<Type extends AboutPayload["type"]>(
  utterances: readonly Utterance[],
  share: DocumentTag,
  from: "me" | "them",
  type: Type,
): readonly Extract<SaidPayload, { type: Type }>[] {
  return utterances.flatMap(({ from: who, payload }) =>
    who === from && isAbout(payload) && payload.type === type && payload.share === share
      ? [payload as Extract<SaidPayload, { type: Type }>]
      : [],
  );
}

type Receipt = AboutPayload["type"];
const isAbout = (payload: SaidPayload): payload is AboutPayload => "share" in payload;

/** Whether this very device said it: another of mine speaks for itself. What is not frozen yet is ours. */
export const saidHere = (
  utterances: readonly Utterance[],
  share: DocumentTag,
  type: Receipt,
  ownChain: ChainId | null,
): boolean =>
  utterances.some(
    ({ from, payload, record }) =>
      from === "me" &&
      isAbout(payload) &&
      payload.type === type &&
      payload.share === share &&
      (record.place === null || record.place.chain === ownChain),
  );

/**
 * Their devices, each known by its chain, that said one of these about a share. `now`: only those under the key with which
 * they sign now; after a removal of a device each that is left speaks once more.
 */
export function devicesThatSaid(
  utterances: readonly Utterance[],
  share: DocumentTag,
  types: readonly Receipt[],
  now: AuthorPublicKey | null = null,
): ReadonlySet<ChainId> {
  const chains = utterances.flatMap(({ from, payload, record }) =>
    from === "them" &&
    (now === null || equalBytes(record.author, now)) &&
    isAbout(payload) &&
    payload.share === share &&
    types.includes(payload.type)
      ? [record.place?.chain]
      : [],
  );
  return new Set(chains.filter((chain) => chain !== undefined));
}

/** Tombstones of the space that the owner signed; anything else in their place counts for nothing. */
export function readTombstones(
  space: SpaceId,
  owner: OwnerPublicKey,
  records: readonly OpenedRecord[],
): readonly TombstoneFields[] {
  return records.flatMap(({ kind, payload }) => {
    const control = kind === "control" ? parseControl(payload) : null;
    if (control?.type !== "tombstone") return [];
    try {
      const tombstone = openTombstone(control.tombstone, owner);
      return tombstone.space === space ? [tombstone] : [];
    } catch {
      return [];
    }
  });
}

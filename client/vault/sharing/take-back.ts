/**
 * Taking back. On my device the copy goes at once, with its blobs. The circle gets the owner's signed tombstone, the
 * server is told to delete the document, and the other's Lomme purges it at next contact and says so. The intent stands
 * in the share's row before anything happens and is taken up again until all of it was handed over, so it may be decided
 * in flight mode, and on a device of mine that hasn't got the copy. Spec: docs/protocol/said.md §4.
 */
import { randomId } from "../../../crypto/ids.ts";
import { signTombstone } from "../../../crypto/tombstones.ts";
import type { DocumentTag, SpaceId } from "../../../crypto/types.ts";
import type { ShareId } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import { type Heard, readTombstones, saidAbout, saidHere } from "./circle-log.ts";
import { circleLane } from "./circles.ts";
import { controlDocument, encodeTombstoneControl } from "./control.ts";
import type { Errands } from "./errands.ts";
import type { Ledger, ShareRow } from "./ledger.ts";
import { encodeSaid } from "./payloads.ts";
import type { OpenedRecord, SharingCore } from "./ports.ts";
import { noteShownTo } from "./showing.ts";

/** @throws not-here for a share that isn't mine */
export async function takeBack(core: SharingCore, ledger: Ledger, errands: Errands, share: ShareId): Promise<void> {
  const row = await ledger.shares.get(share);
  if (row === null) throw new VaultFailure("not-here");
  if (row.takeBack !== null) return;
  const takenBack = { state: "waiting" as const, at: core.now(), begun: false };
  const decided = (await withRepeated(ledger, row)).map((one): ShareRow => ({ ...one, takeBack: takenBack }));
  await core.writeState(decided.map((one) => ledger.shares.entry(one.id, one)));
  await noteShownTo(core, ledger, row.document);
  for (const one of decided) await beginTakeBack(core, ledger, errands, one);
}

/** The share, and what it repeats (again.ts): to the child it is one thing, so one word takes all of it back. */
async function withRepeated(ledger: Ledger, row: ShareRow): Promise<readonly ShareRow[]> {
  const before = row.again === undefined ? null : await ledger.shares.get(row.again);
  return before === null || before.takeBack !== null ? [row] : [row, ...(await withRepeated(ledger, before))];
}

/** Decisions that a closing broke off before they were handed over, or whose copy wasn't here by then. */
export async function resumeTakeBacks(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  space: SpaceId | null = null,
): Promise<void> {
  for (const { row } of await ledger.shares.all()) {
    if (row.takeBack === null || row.takeBack.begun || (space !== null && row.space !== space)) continue;
    await beginTakeBack(core, ledger, errands, row);
  }
}

/**
 * Everything in it can be done twice. Where the copy isn't here, only the device that made it knows that it never left;
 * any other leaves the decision open until one of mine has it: that one takes it back, or never sends it.
 */
async function beginTakeBack(core: SharingCore, ledger: Ledger, errands: Errands, row: ShareRow): Promise<void> {
  const circle = await ledger.circles.get(row.space);
  if (circle === null || row.takeBack === null) return;
  const mayHaveLeft = row.at.sending !== undefined || row.device !== (await core.self()).device;
  if (mayHaveLeft && (await core.placesOf(row.space, row.id)).length === 0) return;
  const gaps = await core.purge(row.space, row.id);
  const withThem = (await ledger.people.get(row.person))?.state === "paired";
  // Never frozen: it never left this device, so there is nobody to wait for.
  const state = gaps.length === 0 ? "gone-unopened" : withThem ? "waiting" : "unknown";
  const begun: ShareRow = { ...row, takeBack: { ...row.takeBack, state, begun: true } };
  if (gaps.length === 0 || circle.ownerPrivate === null) {
    await core.writeState([ledger.shares.entry(row.id, begun)]);
    return;
  }
  const number = circle.tombstones + 1;
  const { space, id: document } = row;
  const said = readTombstones(space, circle.owner, await core.records(space)).some(
    (known) => known.document === document,
  );
  if (!said) {
    const tombstone = signTombstone({ space, document, gaps, number }, circle.ownerPrivate);
    await core.allowGaps(space, gaps);
    await core.say(space, controlDocument(space), "control", encodeTombstoneControl(tombstone), []);
  }
  await core.writeState([
    ledger.shares.entry(row.id, begun),
    ledger.circles.entry(space, { ...circle, tombstones: number }),
    ...(await errands.plan(circleLane(space), [{ do: "ask", ask: { type: "deleteDocument", space, document } }])),
  ]);
}

/**
 * The other side: what the owner took back goes at once, and an adult's Lomme says so, with whether it had been open.
 * A child's Lomme says nothing. True when something went.
 */
export async function obeyTombstones(
  core: SharingCore,
  { circle, records, utterances }: Heard,
  confirms: boolean,
): Promise<boolean> {
  let went = false;
  const ownChain = await core.ownChain(circle.space);
  for (const { document, gaps } of readTombstones(circle.space, circle.owner, records)) {
    await core.allowGaps(circle.space, gaps);
    const here = isHere(records, document);
    // Each device that had it confirms for itself; of those that never had, one is enough.
    const hadIt = here || saidHere(utterances, document, "arrived", ownChain);
    const said = saidHere(utterances, document, "purged", ownChain);
    const saidByAny = saidAbout(utterances, document, "me", "purged").length > 0;
    const confirm = !circle.mine && confirms && !said && (hadIt || !saidByAny);
    // Also what never got here: should it still come, it is ignored.
    if (here || confirm) await core.purge(circle.space, document);
    went ||= here;
    if (!confirm) continue;
    const opened = saidAbout(utterances, document, "me", "opened").length > 0;
    const receipt = encodeSaid({ type: "purged", share: document, at: core.now(), opened });
    await core.say(circle.space, randomId<DocumentTag>(), "said", receipt, []);
  }
  return went;
}

const isHere = (records: readonly OpenedRecord[], document: DocumentTag): boolean =>
  records.some((record) => record.document === document);

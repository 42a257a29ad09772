/**
 * The same adult again. Whose browser was emptied comes back with a new identity, and only the child can know who it is.
 * It is asked once. When it says yes, every copy that stands with the earlier one is shown to the new one as it was shown
 * then (a later change is shown only when the child shows it), and after that the earlier one is parted from.
 *
 * The answer is written before anything happens and taken up until all of it is done, so it may be given in flight mode.
 * Spec: docs/protocol/circles.md §7.
 */
import { randomId } from "../../../crypto/ids.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import type { PersonId, ShownCopy } from "../api.ts";
import { VaultFailure } from "../failure.ts";
import type { Turn } from "../turns.ts";
import { hearCircle, isShown } from "./circle-log.ts";
import type { Errands } from "./errands.ts";
import type { CircleRow, Ledger, PersonRow, ShareRow } from "./ledger.ts";
import { blobIdOf, blobKeyOf, type ShownPayload, type ShownPhoto } from "./payloads.ts";
import { getPerson, openQuestion } from "./people.ts";
import type { SharingCore } from "./ports.ts";
import { blobsOf, toCopy } from "./receiving.ts";
import { removePerson } from "./remove.ts";
import { commitCopy } from "./showing.ts";

export interface Again {
  preview(earlier: PersonId): Promise<readonly ShownCopy[]>;
  /** @throws unknown-person, not-allowed */
  decide(person: PersonId, earlier: PersonId | null): Promise<void>;
  /** Does what was decided and isn't done; what can't be done yet stays decided. */
  resume(): Promise<void>;
}

export function createAgain(core: SharingCore, ledger: Ledger, errands: Errands, turn: Turn): Again {
  async function resume(): Promise<void> {
    if ((await listUndone(ledger)).length === 0) return;
    if (core.isOnline()) await fetchMissing(core, ledger);
    await turn(async () => {
      for (const { person, earlier } of await listUndone(ledger)) {
        await showAgain(core, ledger, errands, person, earlier).catch(() => undefined);
      }
    });
    errands.kick(false);
    core.changed("shares");
    core.changed("people");
  }

  return {
    preview: async (earlier) =>
      (await listCopies(core, ledger, earlier)).map(({ row, said }) => toCopy(row.space, said)),
    async decide(person, earlier) {
      await turn(() => writeAnswer(core, ledger, person, earlier));
      // The page hears of it when its lists are whole: first what is shown, then that the question is gone.
      await resume();
      core.changed("people");
    },
    resume,
  };
}

async function writeAnswer(core: SharingCore, ledger: Ledger, id: PersonId, earlier: PersonId | null): Promise<void> {
  const person = await getPerson(ledger, id);
  // Asked once: the first answer stands.
  if (person.again !== undefined) return;
  const asked = await openQuestion(ledger, person);
  if (earlier === null ? asked.length === 0 : !asked.includes(earlier)) throw new VaultFailure("not-allowed");
  const again = { earlier, done: earlier === null };
  await core.writeState([ledger.people.entry(id, { ...person, again })]);
}

interface Undone {
  readonly person: PersonRow;
  readonly earlier: PersonId;
}

const listUndone = async (ledger: Ledger): Promise<readonly Undone[]> =>
  (await ledger.people.all()).flatMap(({ row }) =>
    row.again === undefined || row.again.done || row.again.earlier === null || row.state !== "paired"
      ? []
      : [{ person: row, earlier: row.again.earlier }],
  );

interface Copy {
  readonly row: ShareRow;
  readonly said: ShownPayload;
}

/** Shares that stand with a person now, oldest first. */
const listStanding = async (ledger: Ledger, id: PersonId): Promise<readonly ShareRow[]> =>
  (await ledger.shares.all())
    .map(({ row }) => row)
    .filter(({ person, takeBack }) => person === id && takeBack === null)
    .toSorted((a, b) => a.at.saved - b.at.saved);

/** What of it is here, as it was said, oldest first. */
async function listCopies(core: SharingCore, ledger: Ledger, id: PersonId): Promise<readonly Copy[]> {
  const space = (await ledger.people.get(id))?.circle ?? null;
  const heard = space === null ? null : await hearCircle(core, ledger, space);
  const said = (heard?.utterances ?? []).filter(isShown).filter(({ from }) => from === "me");
  return (await listStanding(ledger, id)).flatMap((row) => {
    const found = said.find(({ document }) => document === row.id);
    return found === undefined ? [] : [{ row, said: found.payload }];
  });
}

/** A new device of the child may not have the photos and recordings of what another showed. Runs outside the turns. */
async function fetchMissing(core: SharingCore, ledger: Ledger): Promise<void> {
  for (const { earlier } of await listUndone(ledger)) {
    for (const { row, said } of await listCopies(core, ledger, earlier)) {
      for (const blob of blobsOf(said.copy)) {
        await core.fetchBlob(row.space, row.id, blobIdOf(blob), blobKeyOf(blob)).catch(() => undefined);
      }
    }
  }
}

/** All of it can be done twice. The earlier one is parted from only when nothing is left to show. */
async function showAgain(
  core: SharingCore,
  ledger: Ledger,
  errands: Errands,
  person: PersonRow,
  earlier: PersonId,
): Promise<void> {
  const circle = person.circle === null ? null : await ledger.circles.get(person.circle);
  if (circle === null || circle.problem !== null) return;
  const shares = await ledger.shares.all();
  const repeated = new Set(shares.flatMap(({ row }) => (row.person === person.id ? [row.again] : [])));
  const copies = await listCopies(core, ledger, earlier);
  for (const copy of copies) {
    if (!repeated.has(copy.row.id)) await repeat(core, ledger, circle, copy);
    repeated.add(copy.row.id);
  }
  // A device that is behind knows of a share before it has the copy: taken up again when that has come.
  if ((await listStanding(ledger, earlier)).some(({ id }) => !repeated.has(id))) return;
  await removePerson(core, ledger, errands, earlier);
  const done = { earlier, done: true };
  await core.writeState([ledger.people.entry(person.id, { ...person, again: done })]);
}

async function repeat(core: SharingCore, ledger: Ledger, circle: CircleRow, { row, said }: Copy): Promise<void> {
  const { photos, recordings, ...content } = said.copy;
  const { space, person } = circle;
  const { document } = row;
  const share = {
    id: randomId<DocumentTag>(),
    person,
    space,
    again: row.id,
    ...(document !== undefined && { document }),
  };
  const read = (blob: ShownPhoto["full"]): Promise<Uint8Array> =>
    core.readCircleBlob(row.space, blobIdOf(blob), blobKeyOf(blob));
  const placed = recordings.map(({ media, ...facts }) => ({
    ...facts,
    media: { space: row.space, blob: blobIdOf(media), key: blobKeyOf(media) },
  }));
  await commitCopy(core, ledger, share, { content, photos, recordings: placed, read });
}

/**
 * The circle of the vault simulation, by hand: its keys and authors stand there from the beginning, and its rotations are the
 * simulation's. What sharing does of it is in two-people.long.test.ts and the tests beside it.
 */
import { Batch } from "../../client/vault/batch.ts";
import type { SpaceRow } from "../../client/vault/keyring.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import type { SpaceId } from "../../protocol/frames.ts";
import { epochsOf, type Family, openCircleWrap, type Person, rightIn } from "./vault-people.ts";

export const circleRow = ({ circle }: Family, person: Person): SpaceRow => ({
  space: circle.space,
  kind: circle.kind,
  right: rightIn(person),
  epochs: epochsOf(circle, person),
  author: person.author,
  ownerPublic: circle.ownerPublic,
  ownerPrivate: null,
  creation: null,
  created: true,
  retired: circle.ended,
});

export async function knowAuthors(pocket: Pocket, { circle: { space, authors } }: Family): Promise<void> {
  await pocket.store.exclusive(async () => {
    const log = pocket.log(space);
    const state = await log.state();
    if (state.authors.length > 0) return;
    const batch = new Batch();
    const keys = authors.map(({ publicKey }) => publicKey);
    log.putState(batch, { ...state, authors: keys, owners: keys.slice(0, 1) });
    await batch.commit(pocket.store);
  });
}

/** The wrap under our tag, as circle-keys.ts takes it: what doesn't open, or isn't of this circle, changes nothing. */
export async function rekeyByHand(pocket: Pocket, family: Family, person: Person, wrap: unknown, space: SpaceId) {
  return pocket.store.exclusive(() => takeKeys(pocket, family, person, wrap, space));
}

async function takeKeys(pocket: Pocket, family: Family, person: Person, wrap: unknown, space: SpaceId) {
  const row = pocket.keyring.space(space) as SpaceRow;
  const { right } = row;
  const asBefore = { state: "unchanged", epoch: pocket.keyring.epoch(space), right } as const;
  if (!(wrap instanceof Uint8Array)) return asBefore;
  const keys = openCircleWrap(family, person, wrap);
  const newest = keys.epochs.at(-1)?.epoch ?? 0;
  if (keys.space !== space || keys.right !== right || newest <= asBefore.epoch) return asBefore;
  await pocket.keyring.keep({ ...row, epochs: keys.epochs });
  return { state: "rekeyed", epoch: newest, right } as const;
}

/** What a rotation of the circle would say of a lost device. */
export async function learnEnded({ keyring, store }: Pocket, { circle }: Family): Promise<void> {
  await store.exclusive(async () => {
    const row = keyring.space(circle.space);
    if (row !== null) await keyring.keep({ ...row, retired: [...circle.ended] });
  });
}

/** Circles on this device, as sharing keeps them (sharing/ports.ts): keys, authors, what is held, what is forgotten. */
import { deriveAuthorKeys } from "../../crypto/renewed.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { OwnSeed, SpaceId } from "../../crypto/types.ts";
import { adoptRoster } from "./authors.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import { VaultFailure } from "./failure.ts";
import { forgetJointRow, listJointRows } from "./joint-pages.ts";
import type { Syncing } from "./keeper.ts";
import { putTogetherPages, readTogetherPages } from "./kept-together.ts";
import { authorPair, type SpaceRow } from "./keyring.ts";
import type { Pocket } from "./pocket.ts";
import { reachedIn } from "./reached.ts";
import { reconsider } from "./receive.ts";
import type { CircleSpaces, SpaceKeys } from "./sharing/ports.ts";
import { showLearned } from "./space-keeper.ts";
import type { SpaceState } from "./space-rows.ts";

export interface CircleSpacesDeps {
  readonly pocket: Pocket;
  readonly syncing: Syncing;
  /** Records of a space were committed. Not to be waited for. */
  recordsChanged(space: SpaceId): void;
}

export function createCircleSpaces({ pocket, syncing, recordsChanged }: CircleSpacesDeps): CircleSpaces {
  const { store, keyring, blobs, clock } = pocket;

  const changeState = (space: SpaceId, change: (state: SpaceState) => SpaceState): Promise<void> =>
    store.exclusive(async () => {
      const log = pocket.log(space);
      const batch = new Batch();
      log.putState(batch, change(await log.state()));
      await batch.commit(store);
    });

  /** After keys or authors have come: what waited for them may be readable now. */
  const lookAgain = async (space: SpaceId): Promise<void> => {
    await showLearned(pocket, space, await store.exclusive(() => reconsider(pocket.log(space))));
    recordsChanged(space);
  };

  return {
    addSpace: async (keys, creation) => {
      const row = await store.exclusive(async () => {
        const known = keyring.space(keys.space);
        const next = withEpoch(known, keys, creation);
        const batch = new Batch();
        keyring.writeSpace(batch, next);
        const isOther = known !== null && !equalBytes(known.author.publicKey, next.author.publicKey);
        const log = pocket.log(keys.space);
        // A chain has one author.
        if (isOther) {
          const state = await log.state();
          const chainsBefore = [...(state.chainsBefore ?? []), ...(state.chain === null ? [] : [state.chain])];
          log.putState(batch, { ...state, chain: null, chainsBefore });
        }
        await batch.commit(store);
        return next;
      });
      const { space, right } = row;
      const { held } = await pocket.log(space).state();
      syncing.addSpace({ space, epoch: keyring.epoch(space), right, mailbox: false });
      syncing.hold(space, held);
      await lookAgain(space);
    },
    spaceKeys: async (space) => toSpaceKeys(keyring.space(space)),
    renewedAuthors: async (space) => {
      const { epochs = [] } = keyring.space(keyring.me.pocket) ?? {};
      const renewed = epochs.filter(({ epoch }) => epoch > 1).toReversed();
      return renewed.map(({ epoch, seed }) => deriveAuthorKeys(seed as OwnSeed, { space, epoch }));
    },
    forgetSpace: async (space, keep) => {
      if (keyring.space(space) === null) return;
      syncing.removeSpace(space);
      const listed = (await listJointRows(store, space)).map(({ document }) => document);
      // A page that is here and not listed yet is the child's as much.
      const joint = [...new Set([...listed, ...((await pocket.log(space).state()).summariesDue ?? [])])];
      // What was typed last is in it, and nothing is typed after it was read.
      await pocket.documents.commitAll();
      for (const document of joint) await pocket.documents.drop(space, document);
      const meeting = keep === null ? null : { ...keep, now: clock.now() };
      const kept = meeting === null ? [] : await readTogetherPages(pocket, space, joint, meeting);
      await store.exclusive(async () => {
        const batch = new Batch();
        await putTogetherPages(pocket, batch, kept);
        await pocket.log(space).removeAll(batch, joint);
        for (const document of joint) batch.add(forgetJointRow(store, document));
        await blobs.removeSpace(batch, space);
        batch.add(keyring.forgetting(space), () => keyring.forget(space));
        await batch.commit(store);
        pocket.forgetLog(space);
      });
      if (kept.length > 0) pocket.onPending(keyring.me.pocket);
      pocket.listsChanged();
      pocket.emit({ type: "changed", what: "joint" });
    },
    setAuthors: async (space, roster, joined = false) => {
      if (!(await store.exclusive(() => adoptRoster(pocket, space, roster, joined)))) return;
      await lookAgain(space);
      pocket.onPending(space);
    },
    allowGaps: async (space, gaps) => {
      await changeState(space, (state) => {
        const chains = new Chains(state);
        chains.allow(gaps);
        return { ...state, ...chains.state() };
      });
      const chains = new Chains(await pocket.log(space).state());
      syncing.noteHealth(space, chains.health);
    },
    holdOutbox: async (space, held) => {
      if ((await pocket.log(space).state()).held === held) return;
      await changeState(space, (state) => ({ ...state, held }));
      syncing.hold(space, held);
      if (!held) syncing.changed(space, "now");
    },
    ownChain: async (space) => (await pocket.log(space).state()).chain,
    reached: (space) => reachedIn(pocket.log(space)),
  };
}

/** The row with one more epoch, or the same again. */
function withEpoch(known: SpaceRow | null, keys: SpaceKeys, creation: SpaceRow["creation"]): SpaceRow {
  const { space, epoch, right, seed, authorPrivate, ownerPrivate, ownerPublic } = keys;
  const others = (known?.epochs ?? []).filter((entry) => entry.epoch !== epoch);
  return {
    space,
    kind: "circle",
    right,
    epochs: [...others, { epoch, seed }].toSorted((a, b) => a.epoch - b.epoch),
    author: authorPair(authorPrivate),
    ownerPublic,
    ownerPrivate,
    creation: known?.creation ?? creation,
    created: known?.created ?? false,
    // How far ended keys count holds for ever, however often the circle is attached.
    ...(known?.retired !== undefined && { retired: known.retired }),
  };
}

function toSpaceKeys(row: SpaceRow | null): SpaceKeys | null {
  const newest = row?.epochs.at(-1);
  if (row === null || newest === undefined) return null;
  if (row.right === "read") throw new VaultFailure("not-allowed");
  const { space, right, author, ownerPrivate, ownerPublic } = row;
  return { space, ...newest, right, authorPrivate: author.privateKey, ownerPrivate, ownerPublic };
}

/**
 * Joint pages: Y.Docs in a circle that a child starts with "we write this together". Their list is kept in rows of its own
 * and follows what arrives: the first update of a document in a circle makes it known.
 */
import { randomId } from "../../crypto/ids.ts";
import { sealPresence } from "../../crypto/presence.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { DocumentTag, SpaceId } from "../../crypto/types.ts";
import { readTitle } from "../documents/entry.ts";
import { beginJointPage } from "../documents/joint.ts";
import { clientIdsOf, firstUpdate } from "../documents/updates.ts";
import type { JointPage, Person, PersonId } from "./api.ts";
import type { JointInside } from "./api-people.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import type { Pocket } from "./pocket.ts";
import type { SealedStore } from "./sealed-store.ts";
import { withoutSummariesDue } from "./summaries-due.ts";
import { createTurns } from "./turns.ts";

interface JointRow {
  readonly space: SpaceId;
  readonly document: DocumentTag;
  readonly title: string;
  readonly byMe: boolean;
  readonly changedAt: number;
}

const GROUP = ["joint"] as const;
/** Longest title that a page's list shows. */
const MAX_TITLE_CHARACTERS = 120;

/** All joint pages, or those of one circle. */
export async function listJointRows(store: SealedStore, space?: SpaceId): Promise<readonly JointRow[]> {
  const rows = (await store.list<JointRow>("pages", GROUP)).map(({ value }) => value);
  return space === undefined ? rows : rows.filter((row) => row.space === space);
}

export const forgetJointRow = (store: SealedStore, document: DocumentTag) => store.remove("pages", GROUP, document);

export interface JointPages extends JointInside {
  /** The circle of a joint page; null when the document is none. */
  spaceOf(document: DocumentTag): Promise<SpaceId | null>;
  /**
   * Lists what arrived in a circle and isn't listed yet (summaries-due.ts). A page that can't be read now doesn't stop the
   * others: it stays due, and the call rejects with what was wrong with it.
   */
  listDue(space: SpaceId): Promise<void>;
}

export function createJointPages(
  pocket: Pocket,
  people: () => Promise<readonly Person[]>,
  presence: (space: SpaceId, document: DocumentTag, sealed: Uint8Array) => void,
): JointPages {
  const row = (document: DocumentTag) => pocket.store.read<JointRow>("pages", GROUP, document);
  const put = (batch: Batch, value: JointRow) => batch.add(pocket.store.put("pages", GROUP, value.document, value));
  const known = new Map<DocumentTag, JointRow>();
  const changed = (): void => pocket.emit({ type: "changed", what: "joint" });

  pocket.summariseJoint = (batch, space, document, doc) => {
    const before = known.get(document);
    const next: JointRow = {
      space,
      document,
      title: readTitle(doc).slice(0, MAX_TITLE_CHARACTERS),
      byMe: before?.byMe ?? true,
      changedAt: pocket.clock.now(),
    };
    put(batch, next);
    known.set(document, next);
  };

  pocket.onPresence = (space, document, bytes) => {
    const ladder = pocket.keyring.ladder(space, pocket.keyring.epoch(space));
    if (ladder !== null) presence(space, document, sealPresence(ladder, document, bytes));
  };

  const turn = createTurns();

  const list = async (space: SpaceId, document: DocumentTag): Promise<void> => {
    const log = pocket.log(space);
    const seen = await log.state();
    const before = await remember(document);
    const title = await pocket.documents.read(space, document, readTitle);
    const first = await log.firstAuthor(document);
    await pocket.store.exclusive(async () => {
      const own = pocket.keyring.author(space);
      // Left meanwhile: it has no rows any more.
      if (own === null) return;
      const state = await log.state();
      const batch = new Batch();
      const next: JointRow = {
        space,
        document,
        title: title.slice(0, MAX_TITLE_CHARACTERS),
        byMe: before?.byMe ?? (first !== null && equalBytes(own, first)),
        changedAt: pocket.clock.now(),
      };
      const isThere = !state.purged.some((gone) => gone.document === document);
      if (isThere) put(batch, next);
      // More may have come since it was read: then it stays due, and whoever kept that calls again.
      if (state === seen) log.putState(batch, withoutSummariesDue(state, [document]));
      await batch.commit(pocket.store);
      if (isThere) known.set(document, next);
    });
  };

  const remember = async (document: DocumentTag): Promise<JointRow | null> => {
    const found = known.get(document) ?? (await row(document));
    if (found !== null) known.set(document, found);
    return found;
  };

  return {
    spaceOf: async (document) => {
      const space = (await remember(document))?.space ?? null;
      // It may have been left in the meantime.
      return space === null || pocket.keyring.space(space) === null ? null : space;
    },

    jointPages: async () => {
      const persons = await people();
      const pages = (await listJointRows(pocket.store)).flatMap(
        ({ space, document, title, byMe, changedAt }): JointPage[] => {
          const person = persons.find(({ circle }) => circle === space);
          if (person === undefined) return [];
          return [{ document, person: person.id, title, startedBy: byMe ? "me" : person.id, changedAt }];
        },
      );
      return pages.toSorted((a, b) => b.changedAt - a.changedAt);
    },

    startJoint: async (person: PersonId, title: string) => {
      const circle = (await people()).find(({ id, state }) => id === person && state === "paired")?.circle ?? null;
      if (circle === null) throw new VaultFailure("unknown-person");
      const document = randomId<DocumentTag>();
      const now = pocket.clock.now();
      const tag = await pocket.clientTag(circle);
      const payload = firstUpdate((doc) => beginJointPage(doc, title.slice(0, MAX_TITLE_CHARACTERS), now), tag);
      const made: JointRow = { space: circle, document, title, byMe: true, changedAt: now };
      await pocket.store.exclusive(async () => {
        const batch = new Batch();
        const added = { document, kind: "update", payload, blobs: [], clientIds: clientIdsOf(payload) } as const;
        await pocket.log(circle).addPending(batch, added, now);
        put(batch, made);
        await batch.commit(pocket.store);
      });
      known.set(document, made);
      pocket.onPending(circle);
      changed();
      return document;
    },

    setPresence: async (document, on) => {
      const page = await remember(document);
      if (page === null) throw new VaultFailure("not-here");
      await pocket.documents.setPresence(page.space, document, on);
    },

    listDue: (space) =>
      turn(async () => {
        const { summariesDue = [] } = await pocket.log(space).state();
        const failures: unknown[] = [];
        for (const document of summariesDue) await list(space, document).catch((error) => failures.push(error));
        if (summariesDue.length > failures.length) changed();
        if (failures.length > 0) throw failures[0];
      }),
  };
}

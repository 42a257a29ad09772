/**
 * What was dropped into the mailbox, handed to the step of a pairing that it belongs to. All devices of a person empty one
 * mailbox, so two of them may get the same drop. Which began the pairing takes it at once; another waits a while and looks
 * again, so that it only steps in where the first one isn't there.
 *
 * A drop whose key no row names here was meant for a row that another device has not sent yet: it is kept in a row of its
 * own, which every device gets, until one knows it. Spec: docs/protocol/circles.md §2.
 */
import { CryptoError } from "../../../crypto/errors.ts";
import { equalBytes, toHex } from "../../../crypto/sodium.ts";
import { createRows } from "../state-rows.ts";
import type { Turn } from "../turns.ts";
import type { Errands } from "./errands.ts";
import { openRoom, takeRoom } from "./give-room.ts";
import { isEndOfPairing, takeIntroduction } from "./introductions.ts";
import type { InvitationRow, Ledger, PersonRow } from "./ledger.ts";
import { leaveUnfinished, receiveAnswer, receiveFinish, receiveRequest } from "./pairing.ts";
import type { SharingCore } from "./ports.ts";

/** Longer than the rows of one device need to the next when both have net. */
const ELSEWHERE_MS = 10_000;
/** Of a pairing that nobody remembers by then, nothing will come. */
const KEPT_MS = 30 * 24 * 3600 * 1000;
/** More than a person has pairings under way. */
const MAX_KEPT = 16;

interface KeptDrop {
  readonly key: Uint8Array;
  readonly sealed: Uint8Array;
  readonly at: number;
}

export interface Drops {
  /** When it resolves the server may forget the drop. */
  take(key: Uint8Array, sealed: Uint8Array): Promise<void>;
  /** Rows of another device came: what was kept may be known now. To be called in a turn. */
  takeKept(): Promise<void>;
}

export function createDrops(core: SharingCore, ledger: Ledger, errands: Errands, turn: Turn): Drops {
  const kept = createRows<KeptDrop>(core, "drop");

  async function find(key: Uint8Array): Promise<{ invitation: InvitationRow } | { person: PersonRow } | null> {
    const invitation = await ledger.invitations.get(toHex(key));
    if (invitation !== null) return { invitation };
    const people = await ledger.people.all();
    const person = people.find(({ row }) => equalBytes(row.myDrop.publicKey, key))?.row;
    return person === undefined ? null : { person };
  }

  /** Also what nothing here names: a linking, or a row that is still on its way. */
  async function isBegunElsewhere(key: Uint8Array): Promise<boolean> {
    const { device, hasOthers } = await core.self();
    if (!hasOthers) return false;
    const found = await find(key);
    if (found === null) return true;
    return ("invitation" in found ? found.invitation : found.person).device !== device;
  }

  /** False when no row here names the key. */
  async function hand(key: Uint8Array, sealed: Uint8Array): Promise<boolean> {
    const found = await find(key);
    if (found === null) return false;
    try {
      await handTo(found, sealed);
    } catch (error) {
      // Whoever dropped what doesn't open gets no sign of it; our own failures keep the drop where it is.
      if (!(error instanceof CryptoError)) throw error;
    }
    return true;
  }

  function handTo(found: { invitation: InvitationRow } | { person: PersonRow }, sealed: Uint8Array): Promise<void> {
    if ("invitation" in found) return receiveRequest(core, ledger, errands, found.invitation, sealed);
    const { person } = found;
    if (person.pairing === null) return takeNews(person, sealed);
    const receive = person.side === "joiner" ? receiveAnswer : receiveFinish;
    return receive(core, ledger, errands, person, sealed);
  }

  async function takeNews(person: PersonRow, sealed: Uint8Array): Promise<void> {
    if (isEndOfPairing(await core.self(), person, sealed)) return leaveUnfinished(core, ledger, errands, person);
    const given = openRoom(await core.self(), person, sealed);
    return given === null ? takeIntroduction(core, ledger, person, sealed) : takeRoom(core, given);
  }

  async function keep(key: Uint8Array, sealed: Uint8Array): Promise<void> {
    if (!(await core.self()).hasOthers || (await kept.all()).length >= MAX_KEPT) return;
    await core.writeState([kept.entry(toHex(key), { key, sealed, at: core.now() })]);
  }

  return {
    async take(key, sealed) {
      if (await isBegunElsewhere(key)) await new Promise<void>((resolve) => core.after(ELSEWHERE_MS, resolve));
      await turn(async () => {
        if (!(await hand(key, sealed))) await keep(key, sealed);
      });
    },

    async takeKept() {
      for (const { id, row } of await kept.all()) {
        const isOver = (await hand(row.key, row.sealed)) || row.at + KEPT_MS < core.now();
        if (isOver) await core.writeState([kept.entry(id, null)]);
      }
    },
  };
}

/**
 * The server came back from a backup: what it lost of mailboxes is put there again. Keys with which others reach mine, which
 * a backup from before them doesn't hold, are registered anew, and those that ended are closed anew. What I dropped into
 * others' mailboxes since I last heard of them is dropped once more; each step of a pairing is harmless twice. Until the
 * others have done the same, a mailbox of theirs may not know my key: that ends no pairing. Spec: docs/protocol/drops.md §4.
 */
import type { SharedEntry } from "../../documents/shared-rows.ts";
import type { PersonId } from "../api.ts";
import { type Heard, hearCircle } from "./circle-log.ts";
import type { Errand, Errands } from "./errands.ts";
import { invitationLane, registerContact, registerInvitation } from "./invitations.ts";
import type { Ledger, PersonRow } from "./ledger.ts";
import { laneOf } from "./people.ts";
import type { SharingCore } from "./ports.ts";

/** Longer than most people leave their Lomme closed; then what came to nothing may be said. */
const PATIENCE_MS = 30 * 24 * 3600 * 1000;

const isOpen = ({ state, myDropClosed }: PersonRow): boolean =>
  (state === "joining" || state === "compare" || state === "paired") && myDropClosed !== true;

/** In a turn. Kept as errands, so that a closing in the middle forgets none. */
export async function dropAgain(core: SharingCore, ledger: Ledger, errands: Errands): Promise<void> {
  const self = await core.self();
  const entries: SharedEntry[] = [ledger.restored.entry(self.mailbox, { at: core.now() })];
  for (const { row } of await ledger.invitations.all()) {
    if (row.expires * 1000 <= core.now()) continue;
    entries.push(...(await errands.plan(invitationLane(row.key), [registerInvitation(row)])));
  }
  for (const { row } of await ledger.people.all()) {
    if (isOpen(row)) {
      const steps: Errand[] = [registerContact(self, row.myDrop), ...(row.unheard ?? [])];
      entries.push(...(await errands.plan(laneOf(row.id), steps)));
    } else {
      const close: Errand = {
        do: "ask",
        ask: { type: "revokeDrop", space: self.mailbox, key: row.myDrop.publicKey },
      };
      entries.push(...(await errands.plan(`gone-${row.id}`, [close])));
    }
  }
  await core.writeState(entries);
}

/** Whether their mailbox, which knows no key of this pairing, may have lost it in a restore and get it again. */
export async function mayKnowAgain(core: SharingCore, ledger: Ledger, id: PersonId): Promise<boolean> {
  if (!(await core.isToldAgain())) return true;
  const { mailbox } = await core.self();
  const restored = await ledger.restored.get(mailbox);
  const person = await ledger.people.get(id);
  if (restored === null || person === null) return false;
  return (person.begun ?? 0) <= restored.at && core.now() < restored.at + PATIENCE_MS;
}

const haveSpoken = ({ utterances }: Pick<Heard, "utterances">): boolean =>
  utterances.some(({ from }) => from === "them");

/**
 * Whether the pairing has come to its end on both sides: I am in their circle, or they have spoken in mine. Then a mailbox
 * that knows me no more says only that a device of theirs was lost since.
 */
export async function isPairingDone(core: SharingCore, ledger: Ledger, { circle }: PersonRow): Promise<boolean> {
  const heard = circle === null ? null : await hearCircle(core, ledger, circle);
  return heard !== null && (!heard.circle.mine || haveSpoken(heard));
}

/**
 * They have spoken in the circle: so they have all that came before it, and what looked like a pairing without an end (their
 * mailbox had closed my key before I heard of them) was none. True when that is so. In a turn.
 */
export async function noteHeard(core: SharingCore, ledger: Ledger, heard: Heard): Promise<boolean> {
  const { person, circle } = heard;
  const isBack = person.state === "unfinished" && circle.mine;
  if (!(isBack || (person.unheard ?? []).length > 0) || !haveSpoken(heard)) return false;
  // My drop key for them was revoked then.
  const back = { state: "paired", myDropClosed: true } as const;
  await core.writeState([ledger.people.entry(person.id, { ...person, unheard: [], ...(isBack && back) })]);
  return isBack;
}

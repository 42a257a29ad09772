/**
 * Room for a child, from an adult who has creation tokens: two of them, one for the child's pocket and one for the circle
 * of the two, once per child and by themselves as soon as there is a circle. They travel as an introduction (authentic
 * through the pair key, crypto/introductions.ts) into the child's mailbox. JSON in UTF-8:
 * {"v": 1, "type": "room", "tokens": [1 … 8 times 1 … 64 letters of base64url]}. Spec: docs/protocol/circles.md §8.
 *
 * Tokens are laid aside and the child marked in one write; they go from here only when the mailbox has them. So a closing
 * in between gives the same ones again, which is the same to the child.
 */
import * as v from "valibot";
import { utf8 } from "../../../crypto/bytes.ts";
import { dropKeyFromSeed } from "../../../crypto/capabilities.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import { randomId } from "../../../crypto/ids.ts";
import { macIntroduction, openIntroduction } from "../../../crypto/introductions.ts";
import type { IntroductionId } from "../../../crypto/types.ts";
import { isCreationToken } from "../../../protocol/codec.ts";
import type { SharedEntry } from "../../documents/shared-rows.ts";
import type { PersonId } from "../api.ts";
import { TransportError } from "../ports.ts";
import { createTokenRows, isFree, MAX_TOKENS, shuffle } from "../tokens.ts";
import type { Turn } from "../turns.ts";
import type { Ledger, PersonRow } from "./ledger.ts";
import { parseJson } from "./pairing-extra.ts";
import { cardKeys, isWithUs } from "./people.ts";
import type { Self, SharingCore } from "./ports.ts";

/** The pocket and the circle. One that isn't needed waits there for the next circle. */
const TOKENS_PER_CHILD = 2;
const MAX_GIVEN = 8;

const Room = v.object({
  v: v.literal(1),
  type: v.literal("room"),
  tokens: v.pipe(v.array(v.pipe(v.string(), v.check(isCreationToken))), v.minLength(1), v.maxLength(MAX_GIVEN)),
});

/**
 * Children who were given nothing yet get theirs laid aside; `onceMore`: this one does, whatever it was given (those may have
 * been spent by others, or void since the server was restored). To be called in a turn. Gives how many were laid aside.
 */
export async function layRoomAside(core: SharingCore, ledger: Ledger, onceMore?: PersonId): Promise<number> {
  const tokens = createTokenRows(core);
  const free = [...shuffle((await tokens.all()).filter(isFree))];
  if (free.length === 0 || (await core.self()).role === "child") return 0;
  const entries: SharedEntry[] = [];
  let laid = 0;
  for (const { row: person } of await ledger.people.all()) {
    const isMeant = onceMore === undefined ? !person.given : person.id === onceMore;
    const mayHave = isMeant && person.role === "child" && isWithUs(person) && person.circle !== null;
    const theirs = mayHave ? free.splice(0, TOKENS_PER_CHILD) : [];
    if (theirs.length === 0) continue;
    laid += theirs.length;
    entries.push(...theirs.map(({ id, row }) => tokens.entry(id, { ...row, for: person.id })));
    entries.push(ledger.people.entry(person.id, { ...person, given: true }));
  }
  if (entries.length === 0) return 0;
  await core.writeState(entries);
  core.changed("room");
  return laid;
}

export interface Giving {
  /** Lays aside and sends, in the background. */
  kick(): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** `waiting`: something could not be sent though the server answers, and is to be tried again. */
export function createGiving(core: SharingCore, ledger: Ledger, turn: Turn, waiting: () => void): Giving {
  let giving: Promise<void> | null = null;
  let givesAgain = false;

  async function giveAll(): Promise<void> {
    while (givesAgain) {
      givesAgain = false;
      await turn(() => layRoomAside(core, ledger));
      if (core.isOnline()) await sendRoom(core, ledger);
    }
  }

  return {
    kick() {
      givesAgain = true;
      giving ??= giveAll()
        .catch(() => {
          if (core.isOnline()) waiting();
        })
        .finally(() => {
          giving = null;
        });
    },
    idle: async () => {
      await giving;
    },
  };
}

/** What is laid aside goes to whom it is for. @throws TransportError: what is left is tried again */
async function sendRoom(core: SharingCore, ledger: Ledger): Promise<void> {
  const tokens = createTokenRows(core);
  const laid = await tokens.all();
  for (const id of new Set(laid.flatMap(({ row }) => row.for ?? []))) {
    const theirs = laid.filter(({ row }) => row.for === id);
    const person = await ledger.people.get(id);
    const went = person !== null && (await reaches(core, person, theirs));
    const after = ({ for: _, ...row }: (typeof theirs)[number]["row"]) => (went ? null : row);
    await core.writeState(theirs.map(({ id: token, row }) => tokens.entry(token, after(row))));
    core.changed("room");
  }
}

/** False where nobody is there any more to have them. @throws TransportError */
async function reaches(
  core: SharingCore,
  person: PersonRow,
  theirs: readonly { readonly id: string }[],
): Promise<boolean> {
  const { pairKey, theirDrop } = person;
  if (!isWithUs(person) || pairKey === null || theirDrop === null) return false;
  const self = await core.self();
  const { identity, box } = cardKeys(person);
  const about = { id: randomId<IntroductionId>(), sender: self.identity.publicKey, recipient: identity };
  const json = { v: 1, type: "room", tokens: theirs.map(({ id }) => id) };
  try {
    await core.drop(dropKeyFromSeed(theirDrop), macIntroduction(pairKey, about, box, utf8(JSON.stringify(json))));
    return true;
  } catch (error) {
    if (error instanceof TransportError && error.refusal === "not-found") return false;
    throw error;
  }
}

/** The tokens, where that is what a paired person dropped; null for anything else. */
export function openRoom(self: Self, person: PersonRow, sealed: Uint8Array): readonly string[] | null {
  if (person.pairKey === null || !isWithUs(person)) return null;
  const between = { sender: cardKeys(person).identity, recipient: self.identity.publicKey };
  try {
    return parseJson(Room, openIntroduction(person.pairKey, between, self.box.seed, sealed).bytes).tokens;
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}

/** Kept until they are spent. One that was spent already is kept again, and refused when its turn comes. */
export async function takeRoom(core: SharingCore, given: readonly string[]): Promise<void> {
  const tokens = createTokenRows(core);
  const known = new Set((await tokens.all()).map(({ id }) => id));
  const fresh = given.filter((token) => !known.has(token)).slice(0, MAX_TOKENS - known.size);
  if (fresh.length === 0) return;
  await core.writeState(fresh.map((token) => tokens.entry(token, {})));
  core.changed("room");
}

/**
 * The introduction of a circle, from its owner to its member: where it is, how to write there, who owns it. Authentic to
 * the member through the pair key and proof to nobody else (crypto/introductions.ts). JSON in UTF-8:
 * {"v": 1, "type": "circle", "epoch": number, "seed": base64url of the write seed (32 bytes), "genesis": base64url of the
 * first checkpoint}. Space and owner's key stand in the checkpoint. Or that there will be none: {"v": 1, "type": "ended"}.
 * Spec: docs/protocol/circles.md §2, §3.
 */
import * as v from "valibot";
import { utf8 } from "../../../crypto/bytes.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import { randomId } from "../../../crypto/ids.ts";
import { macIntroduction, openIntroduction } from "../../../crypto/introductions.ts";
import { verifyRoster } from "../../../crypto/roster-chain.ts";
import { hashCheckpoint, parseCheckpoint } from "../../../crypto/rosters.ts";
import { equalBytes, fromBase64Url, toBase64Url } from "../../../crypto/sodium.ts";
import type { AuthorPublicKey, Checkpoint, IntroductionId, RungSeed } from "../../../crypto/types.ts";
import { attachNewCircle } from "./circle-keys.ts";
import { writeSeedOf } from "./circle-wraps.ts";
import type { CircleRow, Ledger, PersonRow } from "./ledger.ts";
import { parseJson } from "./pairing-extra.ts";
import { cardKeys, ownsCircle } from "./people.ts";
import type { Self, SharingCore } from "./ports.ts";

const SEED_BYTES = 32;
const Introduction = v.object({
  v: v.literal(1),
  type: v.literal("circle"),
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  seed: v.string(),
  genesis: v.string(),
});

/** Sealed for the member's box; goes into their mailbox. */
export function introduceCircle(self: Self, person: PersonRow, circle: CircleRow): Uint8Array {
  const newest = circle.epochs.at(-1);
  if (person.pairKey === null || newest === undefined) throw new CryptoError("bad-size", "pair key and epoch");
  const { identity, box } = cardKeys(person);
  const about = { id: randomId<IntroductionId>(), sender: self.identity.publicKey, recipient: identity };
  const json = {
    v: 1,
    type: "circle",
    epoch: newest.epoch,
    seed: toBase64Url(writeSeedOf(circle.space, newest.epoch, newest.seed)),
    genesis: toBase64Url(circle.genesis),
  };
  return macIntroduction(person.pairKey, about, box, utf8(JSON.stringify(json)));
}

const End = v.object({ v: v.literal(1), type: v.literal("ended") });

/** Tells the other that the pairing can't come to its end. Whoever else had its key can say so too; then it is so as well. */
export function endPairing(self: Self, person: PersonRow): Uint8Array | null {
  if (person.pairKey === null) return null;
  const { identity, box } = cardKeys(person);
  const about = { id: randomId<IntroductionId>(), sender: self.identity.publicKey, recipient: identity };
  return macIntroduction(person.pairKey, about, box, utf8(JSON.stringify({ v: 1, type: "ended" })));
}

/** Whether that is what came, for a pairing that has no circle yet. */
export function isEndOfPairing(self: Self, person: PersonRow, sealed: Uint8Array): boolean {
  if (person.pairKey === null || person.circle !== null) return false;
  const between = { sender: cardKeys(person).identity, recipient: self.identity.publicKey };
  try {
    parseJson(End, openIntroduction(person.pairKey, between, self.box.seed, sealed).bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes in what a paired person introduces; before the pictures were compared it only waits in their row. Nothing is
 * believed before the checkpoint verifies and names exactly the two author keys of our pairing.
 * @throws CryptoError for what doesn't open or isn't what it says
 */
export async function takeIntroduction(
  core: SharingCore,
  ledger: Ledger,
  person: PersonRow,
  sealed: Uint8Array,
): Promise<void> {
  const self = await core.self();
  // Who founds the circle is introduced to none: whatever comes is not what we agreed on by pairing.
  if (ownsCircle(self.role, person)) return;
  if (person.state === "compare") {
    if (person.waiting === null) {
      await core.writeState([ledger.people.entry(person.id, { ...person, waiting: sealed })]);
    }
    return;
  }
  if (person.state !== "paired" || person.pairKey === null || person.theirAuthor === null) return;
  const between = { sender: cardKeys(person).identity, recipient: self.identity.publicKey };
  const { id, bytes } = openIntroduction(person.pairKey, between, self.box.seed, sealed);
  // One circle for the two of us: a second introduction, or the same once more, changes nothing.
  if (person.seen.includes(id) || person.circle !== null) return;
  const circle = { ...readIntroduction(bytes, person, person.theirAuthor), told: self.pocketEpoch };
  const next: PersonRow = { ...person, circle: circle.space, waiting: null, unheard: [], seen: [...person.seen, id] };
  await core.writeState([ledger.circles.entry(circle.space, circle), ledger.people.entry(person.id, next)]);
  await attachNewCircle(core, ledger, circle, next, null);
}

function readIntroduction(bytes: Uint8Array, person: PersonRow, owner: AuthorPublicKey): CircleRow {
  const { epoch, seed, genesis } = parseJson(Introduction, bytes);
  const checkpoint = fromBase64Url(genesis) as Checkpoint;
  const writeSeed = fromBase64Url(seed) as RungSeed;
  const fields = parseCheckpoint(checkpoint);
  const hash = hashCheckpoint(checkpoint);
  const result = verifyRoster([checkpoint], { space: fields.space, owner: fields.owner, genesis: hash });
  if ("problem" in result) throw new CryptoError("bad-signature", result.problem);
  const has = (author: AuthorPublicKey, role: "owner" | "member"): boolean =>
    fields.members.some((member) => member.role === role && equalBytes(member.author, author));
  const fits =
    writeSeed.length === SEED_BYTES &&
    fields.number === 0 &&
    fields.epoch === epoch &&
    fields.members.length === 2 &&
    has(owner, "owner") &&
    has(person.myAuthor.publicKey, "member");
  if (!fits) throw new CryptoError("bad-format", "a circle that isn't ours");
  return {
    space: fields.space,
    person: person.id,
    mine: false,
    owner: fields.owner,
    ownerPrivate: null,
    ownKey: null,
    genesis: checkpoint,
    epochs: [{ epoch, seed: writeSeed }],
    newest: { number: 0, hash },
    head: null,
    tombstones: 0,
    rotation: null,
    attached: false,
    problem: null,
  };
}

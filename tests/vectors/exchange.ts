/** The vectors of what people and devices exchange, and of rows: rows.json, payloads.json, pairing.json. Run by generate.ts. */
import * as there from "../independent/exchange.ts";
import { contactCard, signingKey } from "../independent/people.ts";
import { ascii, type Bytes, boxPublicKey, type Drawn, hex, join, toHex } from "../independent/reader.ts";

/** Where a real Lomme would draw: fixed bytes from the generator's counter. */
export type Draws = { draw: (length: number) => Bytes; id: () => string; drawn: () => Drawn };

const changed = (bytes: Bytes, offset: number, value: number): Bytes => bytes.with(offset, value);
const longer = (bytes: Bytes): Bytes => join(bytes, hex("00"));
const hexed = ({ encapsulation, nonce }: Drawn) => ({ encapsulation: toHex(encapsulation), nonce: toHex(nonce) });

export function rows({ draw, id }: Draws) {
  const [vaultKey, other, nameKey] = [draw(32), draw(32), draw(32)];
  const place = { table: "entries", key: "æ1" };
  const text = ascii("a mood");
  const nonce = draw(24);
  const sealed = there.row(vaultKey, place.table, place.key, text, nonce);
  const refused = (attacks: string, expect: string, change: object = {}) => ({
    attacks,
    expect,
    vaultKey: toHex(vaultKey),
    ...place,
    sealed: toHex(sealed),
    ...change,
  });
  const ownSeed = draw(32);
  const at = { space: id(), document: id(), epoch: 7 };
  const presenceNonce = draw(24);
  const present = there.presence(ownSeed, at, ascii("cursor"), presenceNonce);
  const absent = (attacks: string, expect: string, change: object = {}) => ({
    attacks,
    expect,
    place: { ...at, ...change },
    sealed: toHex(present),
  });
  const [mediaRoot, blob] = [draw(32), id()];
  return {
    spec: "docs/protocol/keys.md §4, §6; blobs.md §4",
    rows: [
      {
        name: "a mood",
        vaultKey: toHex(vaultKey),
        ...place,
        plaintext: toHex(text),
        nonce: toHex(nonce),
        sealed: toHex(sealed),
      },
      (() => {
        const [bytes, at24] = [draw(300), draw(24)];
        const row = there.row(vaultKey, "a", "", bytes, at24);
        return {
          name: "more than the least size",
          vaultKey: toHex(vaultKey),
          table: "a",
          key: "",
          plaintext: toHex(bytes),
          nonce: toHex(at24),
          sealed: toHex(row),
        };
      })(),
    ],
    invalidRows: [
      refused("moved to another table", "does-not-open", { table: "wishes" }),
      refused("moved to another key", "does-not-open", { key: "æ2" }),
      refused("table and key trade a letter", "does-not-open", { table: "entriesæ", key: "1" }),
      refused("another vault key: the copied row of a sibling", "does-not-open", { vaultKey: toHex(other) }),
      refused("last byte missing", "does-not-open", { sealed: toHex(sealed.slice(0, -1)) }),
      refused("a byte more", "does-not-open", { sealed: toHex(longer(sealed)) }),
      refused("version 0", "unknown-version", { sealed: toHex(changed(sealed, 0, 0)) }),
      refused("empty", "unknown-version", { sealed: "" }),
    ],
    names: [["a"], ["a", "b"], ["ab"], ["", "ab"], ["æ"]].map((parts) => ({
      nameKey: toHex(nameKey),
      parts,
      name: there.rowName(nameKey, parts),
    })),
    presence: {
      ownSeed: toHex(ownSeed),
      place: at,
      plaintext: toHex(ascii("cursor")),
      nonce: toHex(presenceNonce),
      sealed: toHex(present),
    },
    invalidPresence: [
      absent("in another document", "does-not-open", { document: id() }),
      absent("in another space", "does-not-open", { space: id() }),
      absent("in another epoch", "does-not-open", { epoch: 8 }),
      { ...absent("version 2", "unknown-version"), sealed: toHex(changed(present, 0, 2)) },
      { ...absent("cut", "does-not-open"), sealed: toHex(present.slice(0, -1)) },
    ],
    media: { root: toHex(mediaRoot), blob, key: toHex(there.mediaKey(mediaRoot, blob)) },
  };
}

export function renewed({ draw, id }: Draws) {
  const valid = [2, 3].map((epoch) => {
    const [own, write, space, device] = [draw(32), draw(32), id(), id()];
    return {
      space,
      epoch,
      device,
      ownSeed: toHex(own),
      writeSeed: toHex(write),
      author: toHex(signingKey(there.renewed(own, "own-seed/author-key", space, epoch))),
      deviceKey: toHex(there.renewed(own, "own-seed/device-pair-key", space, epoch, [hex(device)])),
      pairKey: toHex(there.renewed(write, "write-seed/renewed-pair-key", space, epoch)),
    };
  });
  return { spec: "docs/protocol/keys.md §4", valid };
}

export function payloads({ draw, id, drawn }: Draws) {
  const owner = draw(32);
  const space = id();
  const keys: there.EpochKeys = {
    right: 2,
    space,
    checkpoint: draw(32),
    owner: signingKey(owner),
    flag: 0,
    ownerPrivate: new Uint8Array(0),
    epochs: [
      { epoch: 3, seed: draw(32) },
      { epoch: 9, seed: draw(32) },
    ],
  };
  const RIGHTS = ["read", "write", "own"];
  const keysCase = (name: string, change: Partial<there.EpochKeys>) => {
    const made = { ...keys, ...change };
    return {
      name,
      right: RIGHTS[made.right - 1],
      space,
      checkpoint: toHex(made.checkpoint),
      owner: toHex(made.owner),
      ownerPrivateKey: toHex(made.ownerPrivate),
      epochs: made.epochs.map(({ epoch, seed }) => ({ epoch, seed: toHex(seed) })),
      bytes: toHex(there.epochKeys(made)),
    };
  };
  const bytes = there.epochKeys(keys);
  const badKeys = (attacks: string, change: Partial<there.EpochKeys>) => ({
    attacks,
    expect: "bad-format",
    bytes: toHex(there.epochKeys({ ...keys, ...change })),
  });
  const [one, two] = keys.epochs as [(typeof keys.epochs)[0], (typeof keys.epochs)[0]];

  const document = id();
  const chains = [id(), id(), id()].toSorted((a, b) => (a < b ? -1 : 1));
  const gap = (chain: string | undefined, counter: number): there.Gap => ({
    chain: chain ?? "",
    counter,
    hash: draw(32),
  });
  const gaps = [gap(chains[0], 5), gap(chains[1], 2 ** 40), gap(chains[2], 1), gap(chains[2], 2)];
  const stone = there.tombstone(owner, space, document, 4, gaps);
  const badStone = (attacks: string, expect: string, made: Bytes) => ({ attacks, expect, tombstone: toHex(made) });

  const [secret, slope] = [draw(32), draw(32)];
  const helpers = there.helperShares(secret, slope, [7, 200, 91]);
  const stranger = there.helperShares(secret, draw(32), [7, 200, 91]);
  const [first, second, third] = helpers.shares as [Bytes, Bytes, Bytes];
  const shared = (attacks: string, wrongShares: number[], given: Bytes[]) => ({
    attacks,
    wrongShares,
    shares: given.map(toHex),
  });

  const doorSeed = draw(32);
  const doorDraws = drawn();
  const left = there.doorItem(boxPublicKey(doorSeed), ascii("for when you come home"), doorDraws);
  const badItem = (attacks: string, expect: string, item: Bytes, seed = doorSeed) => ({
    attacks,
    expect,
    seed: toHex(seed),
    item: toHex(item),
  });
  return {
    spec: "docs/protocol/wraps.md §4, §5; rosters.md §4; card.md §5",
    epochKeys: [
      keysCase("a member's", {}),
      keysCase("an owner's, with the private key", { right: 3, flag: 1, ownerPrivate: join(owner, signingKey(owner)) }),
      keysCase("none", { right: 1, epochs: [] }),
    ],
    invalidEpochKeys: [
      badKeys("right 0", { right: 0 }),
      badKeys("right 4", { right: 4 }),
      badKeys("flag 2", { flag: 2 }),
      badKeys("a flag without its key", { flag: 1 }),
      badKeys("a key without its flag", { ownerPrivate: draw(64) }),
      badKeys("one epoch twice", { epochs: [one, one] }),
      badKeys("epochs that fall", { epochs: [two, one] }),
      badKeys("an epoch over 2^53", { epochs: [{ epoch: 2 ** 53, seed: draw(32) }] }),
      { attacks: "cut", expect: "bad-format", bytes: toHex(bytes.slice(0, -1)) },
      { attacks: "a byte more", expect: "bad-format", bytes: toHex(longer(bytes)) },
      { attacks: "version 0", expect: "unknown-version", bytes: toHex(changed(bytes, 0, 0)) },
    ],
    owner: { seed: toHex(owner), publicKey: toHex(signingKey(owner)) },
    tombstone: {
      space,
      document,
      number: 4,
      gaps: gaps.map((at) => ({ ...at, hash: toHex(at.hash) })),
      tombstone: toHex(stone),
    },
    invalidTombstones: [
      badStone("signed by the server", "bad-signature", there.tombstone(draw(32), space, document, 4, gaps)),
      badStone("another document", "bad-signature", changed(stone, 17, (stone[17] ?? 0) ^ 1)),
      badStone("a gap taken out", "bad-format", join(stone.slice(0, 45), stone.slice(45 + 56))),
      badStone("gaps out of order", "bad-format", there.tombstone(owner, space, document, 4, gaps.toReversed())),
      badStone(
        "a gap twice",
        "bad-format",
        there.tombstone(owner, space, document, 4, [gaps[0], gaps[0]] as there.Gap[]),
      ),
      badStone("more gaps announced than there are", "bad-format", changed(stone, 41, 1)),
      badStone("cut", "bad-format", stone.slice(0, -1)),
      badStone("version 2", "unknown-version", changed(stone, 0, 2)),
    ],
    helpers: {
      secret: toHex(secret),
      set: helpers.set,
      shares: helpers.shares.map(toHex),
      boxSeed: toHex(there.helpersKeys(secret).boxSeed),
      wrapSecret: toHex(there.helpersKeys(secret).wrapSecret),
    },
    invalidHelpers: [
      shared("a share of another set of the same secret", [1], [first, stranger.shares[1] ?? first, third]),
      shared("one of each set: nobody knows whose is right", [0, 1], [first, stranger.shares[1] ?? first]),
      shared("a share under another index", [1], [first, changed(second, 17, 3), third]),
      shared(
        "a changed share with a changed commitment: forged by a helper",
        [1],
        [first, changed(changed(second, 20, (second[20] ?? 0) ^ 1), 51 + 32, (second[51 + 32] ?? 0) ^ 1), third],
      ),
      shared("cut, and of another version", [0, 1], [first.slice(0, -1), changed(second, 0, 2)]),
    ],
    door: {
      seed: toHex(doorSeed),
      ...hexed(doorDraws),
      plaintext: toHex(ascii("for when you come home")),
      item: toHex(left),
    },
    invalidDoor: [
      badItem("the door after the next unlock", "does-not-open", left, draw(32)),
      badItem("X-Wing's ciphertext turned", "does-not-open", changed(left, 9, (left[9] ?? 0) ^ 1)),
      badItem("cut inside X-Wing's ciphertext", "does-not-open", left.slice(0, 1120)),
      badItem("version 0", "unknown-version", changed(left, 0, 0)),
    ],
  };
}

export function pairing({ draw, id, drawn }: Draws) {
  const aSide = (name: string, role: number) => {
    const [identity, boxSeed, mailbox] = [draw(32), draw(32), id()];
    const card = contactCard(identity, boxPublicKey(boxSeed), mailbox, role, name);
    return { identity, mailbox, card, boxSeed, secret: draw(32), nonce: draw(32), drop: draw(32), extra: ascii(name) };
  };
  const [inviter, joiner] = [aSide("Alma", 1), aSide("Mette", 2)];
  const invited = { mailbox: inviter.mailbox, qrSecret: draw(32) };
  const draws = { request: drawn(), answer: drawn(), finish: draw(24) };
  const made = there.pair(invited, inviter, joiner, draws);
  const others = there.pair({ ...invited, qrSecret: draw(32) }, inviter, joiner, draws);
  const messages = { request: made.request, answer: made.answer, finish: made.finish };
  const wrong = (attacks: string, expect: string, change: Partial<typeof messages>) => {
    const [step, message] = Object.entries(change)[0] as [string, Bytes];
    return { attacks, expect, step, message: toHex(message) };
  };
  const side = ({ card, boxSeed, secret, nonce, drop, extra }: typeof inviter) => ({
    card: toHex(card),
    boxSeed: toHex(boxSeed),
    secret: toHex(secret),
    nonce: toHex(nonce),
    drop: toHex(drop),
    extra: toHex(extra),
  });
  const between = { id: id(), sender: signingKey(inviter.identity), recipient: signingKey(joiner.identity) };
  const introductionDraws = drawn();
  const told = there.introduction(
    made.pairKey,
    between,
    boxPublicKey(joiner.boxSeed),
    ascii("a circle"),
    introductionDraws,
  );
  const untold = (attacks: string, expect: string, change: object = {}) => ({
    attacks,
    expect,
    pairKey: toHex(made.pairKey),
    sender: toHex(between.sender),
    recipient: toHex(between.recipient),
    introduction: toHex(told),
    ...change,
  });
  const [device, deviceBox] = [signingKey(draw(32)), boxPublicKey(draw(32))];
  const named = signingKey(inviter.identity);
  const certificate = there.deviceCertificate(inviter.identity, named, device, deviceBox);
  const said = there.statement(inviter.identity, named, ascii("I say this."));
  const bad = (attacks: string, expect: string, bytes: Bytes) => ({ attacks, expect, bytes: toHex(bytes) });
  const space = id();
  const wrapSecret = there.pairWrapSecret(made.pairKey);
  return {
    spec: "docs/protocol/pairing.md §1, §3, §4",
    mailbox: invited.mailbox,
    qrSecret: toHex(invited.qrSecret),
    inviter: side(inviter),
    joiner: side(joiner),
    draws: { request: hexed(draws.request), answer: hexed(draws.answer), finish: toHex(draws.finish) },
    messages: { request: toHex(made.request), answer: toHex(made.answer), finish: toHex(made.finish) },
    pairKey: toHex(made.pairKey),
    pictures: made.pictures,
    invalidMessages: [
      wrong("a request under another QR secret", "does-not-open", { request: others.request }),
      wrong("an answer under another QR secret", "does-not-open", { answer: others.answer }),
      wrong("a finish of another pairing", "does-not-open", { finish: others.finish }),
      wrong("a nonce that was not committed to: chosen to fit the pictures", "does-not-open", {
        finish: made.finishWith(draw(32)),
      }),
      wrong("a request offered as an answer", "bad-format", { answer: made.request }),
      wrong("a finish offered as a request", "bad-format", { request: made.finish }),
      wrong("version 2", "unknown-version", { request: changed(made.request, 0, 2) }),
      wrong("cut", "does-not-open", { finish: made.finish.slice(0, -1) }),
    ],
    circle: {
      space,
      psk: toHex(there.circlePsk(made.pairKey, space)),
      wrapSecret: toHex(wrapSecret),
      tag: there.wrapTag(wrapSecret, space),
    },
    introduction: {
      id: between.id,
      sender: toHex(between.sender),
      recipient: toHex(between.recipient),
      ...hexed(introductionDraws),
      plaintext: toHex(ascii("a circle")),
      introduction: toHex(told),
    },
    invalidIntroductions: [
      untold("somebody without the pair key", "does-not-open", { pairKey: toHex(draw(32)) }),
      untold("sent back to its sender", "does-not-open", {
        sender: toHex(between.recipient),
        recipient: toHex(between.sender),
      }),
      untold("under another id: a replay made new", "does-not-open", {
        introduction: toHex(changed(told, 1, (told[1] ?? 0) ^ 1)),
      }),
      untold("version 2", "unknown-version", { introduction: toHex(changed(told, 0, 2)) }),
      untold("cut", "does-not-open", { introduction: toHex(told.slice(0, -1)) }),
    ],
    identity: toHex(named),
    certificate: { device: toHex(device), box: toHex(deviceBox), bytes: toHex(certificate) },
    invalidCertificates: [
      bad(
        "signed by somebody else",
        "bad-signature",
        there.deviceCertificate(joiner.identity, named, device, deviceBox),
      ),
      bad(
        "names somebody else",
        "bad-signature",
        there.deviceCertificate(inviter.identity, signingKey(joiner.identity), device, deviceBox),
      ),
      bad("another device put in", "bad-signature", changed(certificate, 40, (certificate[40] ?? 0) ^ 1)),
      bad("a byte more", "bad-format", longer(certificate)),
      bad("version 0", "unknown-version", changed(certificate, 0, 0)),
    ],
    statement: { text: toHex(ascii("I say this.")), bytes: toHex(said) },
    invalidStatements: [
      bad("signed by somebody else", "bad-signature", there.statement(joiner.identity, named, ascii("I say this."))),
      bad("another word", "bad-signature", changed(said, 40, 0x55)),
      bad("cut", "bad-format", said.slice(0, -1)),
      bad("version 2", "unknown-version", changed(said, 0, 2)),
    ],
  };
}

/**
 * Makes the vector files from the second implementation: `node tests/vectors/generate.ts`. Every byte that a real Lomme
 * would draw comes from a counter, so the files are always the same.
 */
import { writeFileSync } from "node:fs";
import * as people from "../independent/people.ts";
import * as there from "../independent/reader.ts";
import * as exchange from "./exchange.ts";

type Bytes = Uint8Array;
const { hex, toHex } = there;

let drawnSoFar = 0;
/** Fixed bytes that look random: BLAKE2b of a counter. */
function draw(length: number): Bytes {
  const blocks = Math.ceil(length / 32);
  return there
    .join(...Array.from({ length: blocks }, () => there.hash("vectors", there.uint(drawnSoFar++, 4))))
    .slice(0, length);
}
const id = () => toHex(draw(16));
const drawn = () => ({ encapsulation: draw(64), nonce: draw(24) });
const turned = (bytes: Bytes, bit: number): Bytes => {
  const copy = bytes.slice();
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
};
const changed = (bytes: Bytes, offset: number, value: number): Bytes => {
  const copy = bytes.slice();
  copy[offset] = value;
  return copy;
};

const KINDS = ["update", "snapshot", "said", "control", "void"];

function records() {
  const ownSeed = draw(32);
  const authorSeed = draw(32);
  const space = id();
  const epoch = 3;
  const contentKey = there.contentKeyOf(ownSeed, space, epoch);
  const base = {
    space,
    document: id(),
    opId: id(),
    chain: id(),
    counter: 0,
    previous: new Uint8Array(32) as Bytes,
    heads: draw(32),
    clientIds: [] as number[],
  };
  const makeWith = (kind: number, more: Partial<typeof base> & { payload: Bytes }) => {
    const inner = there.signInner({ ...base, kind, ...more }, authorSeed);
    const outer = { space, document: base.document, kind, epoch, opId: base.opId };
    const nonce = draw(24);
    return { inner, outer, nonce, sealed: there.sealRecord(inner, outer, contentKey, nonce) };
  };
  const asCase = (name: string, made: ReturnType<typeof makeWith>) => ({
    name,
    outer: { ...made.outer, kind: KINDS[made.outer.kind - 1] },
    nonce: toHex(made.nonce),
    inner: toHex(made.inner),
    chainHash: toHex(there.chainHash(made.inner)),
    sealed: toHex(made.sealed),
    expect: "opens",
  });
  const plain = makeWith(3, { payload: there.ascii("It was a good day.") });
  const valid = [
    asCase("a said record, first of its chain", plain),
    asCase("no payload", makeWith(5, { payload: new Uint8Array(0) })),
    asCase(
      "client ids and a previous hash",
      makeWith(1, { payload: draw(30), clientIds: [0, 7, 2 ** 32 - 1], counter: 2 ** 53 - 1, previous: draw(32) }),
    ),
    asCase("one byte under the least size", makeWith(2, { payload: draw(268 - 4 - 156 - 1) })),
    asCase("exactly the least size", makeWith(2, { payload: draw(268 - 4 - 156) })),
    asCase("one byte over the least size", makeWith(2, { payload: draw(268 - 4 - 156 + 1) })),
    asCase("no heads seen", makeWith(1, { payload: draw(9), clientIds: [5], heads: there.headsDigest([]) })),
    asCase(
      "no heads seen, one byte over the least size",
      makeWith(2, { payload: draw(268 - 4 - 124 + 1), heads: there.headsDigest([]) }),
    ),
    asCase(
      "a note of 200 characters, padded as if nothing were left out",
      makeWith(1, { payload: draw(300), clientIds: [77], heads: there.headsDigest([]) }),
    ),
  ];
  const refused = (
    name: string,
    attacks: string,
    expect: string,
    change: { sealed?: Bytes; outer?: object; contentKey?: Bytes },
  ) => ({
    name,
    attacks,
    expect,
    outer: { ...plain.outer, kind: "said", ...change.outer },
    sealed: toHex(change.sealed ?? plain.sealed),
    ...(change.contentKey && { contentKey: toHex(change.contentKey) }),
  });
  /** Sealed with the right key and outer, around bytes that are no packed inner. */
  const around = (bytes: Bytes) => there.sealPacked(bytes, plain.outer, contentKey, draw(24));
  const packed = there.packInner(plain.inner);
  const bound = there.recordBound(plain.outer);
  const padded = (bytes: Bytes) =>
    there.join(hex("02"), there.seal(contentKey, "lomme/1/content-key/record", bound, bytes, draw(24)));
  const dirty = new Uint8Array(268);
  dirty.set(there.join(there.uint(packed.length, 4), packed));
  const signedAs = (more: object) =>
    there.packInner(there.signInner({ ...base, kind: 3, payload: draw(3), ...more }, authorSeed));
  const invalid = [
    refused("version 0", "a version that never was", "unknown-version", { sealed: changed(plain.sealed, 0, 0) }),
    refused("version 1", "the one before, which isn't read", "unknown-version", {
      sealed: changed(plain.sealed, 0, 1),
    }),
    refused("version 3", "a newer one: kept, not dropped", "unknown-version", { sealed: changed(plain.sealed, 0, 3) }),
    refused("version 255", "the largest byte", "unknown-version", { sealed: changed(plain.sealed, 0, 255) }),
    refused("nothing", "an empty body", "unknown-version", { sealed: new Uint8Array(0) }),
    refused("only the version", "a cut", "does-not-open", { sealed: plain.sealed.slice(0, 1) }),
    refused("one byte short of an empty seal", "a cut", "does-not-open", { sealed: plain.sealed.slice(0, 72) }),
    refused("last byte missing", "a cut", "does-not-open", { sealed: plain.sealed.slice(0, -1) }),
    refused("a byte more", "extension", "does-not-open", { sealed: there.join(plain.sealed, hex("00")) }),
    refused("nonce turned", "another message key", "does-not-open", { sealed: turned(plain.sealed, 8) }),
    refused("commitment turned", "key commitment", "does-not-open", { sealed: turned(plain.sealed, 25 * 8) }),
    refused("ciphertext turned", "malleability", "does-not-open", { sealed: turned(plain.sealed, 60 * 8) }),
    refused("tag turned", "forgery", "does-not-open", { sealed: turned(plain.sealed, plain.sealed.length * 8 - 1) }),
    refused("another space", "cut and paste between spaces", "does-not-open", { outer: { space: id() } }),
    refused("another document", "cut and paste between documents", "does-not-open", { outer: { document: id() } }),
    refused("another kind", "a said record offered as an update", "does-not-open", { outer: { kind: "update" } }),
    refused("another epoch", "an old record offered as new", "does-not-open", { outer: { epoch: epoch + 1 } }),
    refused("another op id", "a replay under a new name", "does-not-open", { outer: { opId: id() } }),
    refused("another key", "a key that isn't this epoch's", "does-not-open", { contentKey: draw(32) }),
    refused("inner of version 2", "a newer inner inside an honest seal", "unknown-version", {
      sealed: around(changed(packed, 0, 2)),
    }),
    refused("inner of suite 0", "algorithm downgrade", "unknown-suite", { sealed: around(changed(packed, 1, 0)) }),
    refused("inner of suite 2", "a suite that isn't there", "unknown-suite", { sealed: around(changed(packed, 1, 2)) }),
    refused("a sign of heads that isn't one", "two encodings of one inner", "bad-format", {
      sealed: around(changed(packed, 2, 2)),
    }),
    refused("heads of none, written out", "two encodings of one inner", "bad-format", {
      sealed: around(
        there.join(packed.slice(0, 2), hex("01"), packed.slice(3, 59), there.headsDigest([]), packed.slice(91)),
      ),
    }),
    refused("heads that run past the end", "a cut inside the seal", "bad-format", {
      sealed: around(packed.slice(0, 90)),
    }),
    refused("counter over 2^53 - 1", "a number JavaScript can't hold", "bad-format", {
      sealed: around(changed(packed, 19, 0xff)),
    }),
    refused("client ids that run past the end", "a length past the end", "bad-format", {
      sealed: around(changed(packed, 91, 255)),
    }),
    refused("client ids that reach into the signature", "a length past the end", "bad-format", {
      sealed: around(changed(packed, 91, 5)),
    }),
    refused("client ids that don't rise", "two encodings of one set", "bad-format", {
      sealed: around(signedAs({ clientIds: [9, 9] })),
    }),
    refused("one byte short of a signature", "a cut inside the seal", "bad-format", {
      sealed: around(signedAs({ payload: new Uint8Array(0) }).slice(0, -1)),
    }),
    refused("the whole inner, as version 1 had it", "a format that is read no more", "bad-format", {
      sealed: around(plain.inner),
    }),
    refused("empty inner", "no inner at all", "bad-format", { sealed: around(new Uint8Array(0)) }),
    refused("padding that isn't zeros", "a hidden channel in the padding", "bad-format", {
      sealed: padded(changed(dirty, 267, 1)),
    }),
    refused("inner length past the padding", "a length past the end", "bad-format", {
      sealed: padded(changed(dirty, 0, 0xff)),
    }),
  ];
  const uncommitted = there.join(
    hex("02"),
    there.sealUncommitted(contentKey, "lomme/1/content-key/record", bound, changed(dirty, 267, 0), draw(24), draw(32)),
  );
  invalid.push(
    refused(
      "authentic under this key, committed to another",
      "one ciphertext that two people open to two texts",
      "does-not-open",
      { sealed: uncommitted },
    ),
  );
  const signature = [
    { name: "the author's", inner: toHex(plain.inner), author: toHex(people.signingKey(authorSeed)), verifies: true },
    {
      name: "another author's key",
      attacks: "authorship",
      inner: toHex(plain.inner),
      author: toHex(people.signingKey(draw(32))),
      verifies: false,
    },
    {
      name: "payload turned",
      attacks: "rewriting",
      inner: toHex(turned(plain.inner, 145 * 8)),
      author: toHex(people.signingKey(authorSeed)),
      verifies: false,
    },
    {
      name: "counter turned",
      attacks: "another place in the chain",
      inner: toHex(turned(plain.inner, 74 * 8)),
      author: toHex(people.signingKey(authorSeed)),
      verifies: false,
    },
    {
      name: "previous hash turned",
      attacks: "another history",
      inner: toHex(turned(plain.inner, 75 * 8)),
      author: toHex(people.signingKey(authorSeed)),
      verifies: false,
    },
    ...(
      [
        ["kind", { kind: 1 }],
        ["space", { space: id() }],
        ["document", { document: id() }],
        ["op id", { opId: id() }],
      ] as const
    ).map(([what, other]) => ({
      name: `sealed under the outer of another ${what}`,
      attacks: "a member carries what another signed to another place",
      inner: toHex(there.unpackInner(packed, { ...plain.outer, ...other })),
      author: toHex(people.signingKey(authorSeed)),
      verifies: false,
    })),
    {
      name: "signature of zeros",
      attacks: "forgery",
      inner: toHex(there.join(plain.inner.slice(0, -64), new Uint8Array(64))),
      author: toHex(people.signingKey(authorSeed)),
      verifies: false,
    },
    {
      name: "small-order key, signature of zeros",
      attacks: "a key under which much verifies",
      inner: toHex(there.join(plain.inner.slice(0, -64), hex(`01${"00".repeat(63)}`))),
      author: `01${"00".repeat(31)}`,
      verifies: false,
    },
  ];
  return {
    spec: "docs/protocol/records.md",
    ownSeed: toHex(ownSeed),
    contentKey: toHex(contentKey),
    valid,
    invalid,
    signature,
  };
}

function blobs() {
  const [key, blob, content] = [draw(32), id(), draw(1500)];
  const nonce = draw(24);
  const [chunk] = there.sealBlob(key, blob, content, () => nonce) as [Bytes];
  const at = (index: number, isFinal: boolean) => ({ blob, index, isFinal });
  const sealChunk = (plaintext: Bytes, index: number, last: boolean) =>
    there.join(
      hex("01"),
      there.seal(
        key,
        "lomme/1/blob-key/chunk",
        there.join(hex("01"), hex(blob), there.uint(index, 4), there.uint(last ? 1 : 0, 1)),
        plaintext,
        draw(24),
      ),
    );
  const body = there.join(there.uint(3, 4), hex("aabbcc"), new Uint8Array(60));
  const second = sealChunk(body, 1, true);
  const refused = (name: string, attacks: string, expect: string, sealed: Bytes, place: object = {}) => ({
    name,
    attacks,
    expect,
    ...at(0, true),
    ...place,
    sealed: toHex(sealed),
  });
  return {
    spec: "docs/protocol/blobs.md",
    key: toHex(key),
    valid: [
      {
        name: "1500 bytes, one chunk",
        ...at(0, true),
        content: toHex(content),
        nonce: toHex(nonce),
        sealed: toHex(chunk),
        expect: "opens",
      },
      { name: "a last chunk", ...at(1, true), content: "aabbcc", sealed: toHex(second), expect: "opens" },
      {
        name: "a chunk of padding only",
        ...at(5, false),
        content: "",
        sealed: toHex(sealChunk(new Uint8Array(40), 5, false)),
        expect: "opens",
      },
    ],
    invalid: [
      refused("last chunk offered as not last", "extension", "does-not-open", chunk, { isFinal: false }),
      refused("second chunk offered as first", "reordering", "does-not-open", second),
      refused("first chunk offered as second", "duplication", "does-not-open", chunk, { index: 1 }),
      refused("not the last, offered as last", "truncation", "does-not-open", sealChunk(body, 0, false)),
      refused("another blob", "splicing", "does-not-open", chunk, { blob: id() }),
      refused("another key", "splicing", "does-not-open", chunk, { key: toHex(draw(32)) }),
      refused("cut", "truncation inside a chunk", "does-not-open", chunk.slice(0, -20)),
      refused("empty", "nothing", "unknown-version", new Uint8Array(0)),
      refused("version 0", "downgrade", "unknown-version", changed(chunk, 0, 0)),
      refused("version 2", "a newer one", "unknown-version", changed(chunk, 0, 2)),
      refused("nonce turned", "forgery", "does-not-open", turned(chunk, 9)),
      refused("commitment turned", "key commitment", "does-not-open", turned(chunk, 30 * 8)),
      refused("ciphertext turned", "malleability", "does-not-open", turned(chunk, 70 * 8)),
      refused("tag turned", "forgery", "does-not-open", turned(chunk, chunk.length * 8 - 3)),
      refused("length past the chunk", "a length past the end", "bad-format", sealChunk(changed(body, 0, 1), 0, true)),
      refused(
        "padding that isn't zeros",
        "a hidden channel in the padding",
        "bad-format",
        sealChunk(changed(body, 66, 1), 0, true),
      ),
    ],
    sizes: [0, 1, 1023, 1024, 1025, 131_071, 131_072, 131_073, 262_144, 4_000_000, 500_000_000].map((length) => {
      const total = there.padme(length, 1024);
      const chunks = Math.ceil(total / 131_072);
      return { length, chunks, sealedBytes: total + 77 * chunks };
    }),
  };
}

function wraps() {
  const seed = draw(32);
  const publicKey = there.boxPublicKey(seed);
  const psk = draw(32);
  const context = { purpose: "circle", space: id(), epoch: 9, sender: toHex(draw(32)), recipient: toHex(draw(32)) };
  const inside = { ...context, purpose: 2, sender: hex(context.sender), recipient: hex(context.recipient) };
  const payload = draw(100);
  const draws = drawn();
  const wrap = there.wrapTo(publicKey, inside, psk, payload, draws);
  const open = there.wrapTo(publicKey, inside, new Uint8Array(0), payload, drawn());
  const refused = (name: string, attacks: string, expect: string, change: object) => ({
    name,
    attacks,
    expect,
    seed: toHex(seed),
    psk: toHex(psk),
    context,
    wrap: toHex(wrap),
    ...change,
  });
  const elsewhere = (change: object) => ({ context: { ...context, ...change } });
  return {
    spec: "docs/protocol/wraps.md",
    valid: [
      {
        name: "with a psk",
        seed: toHex(seed),
        psk: toHex(psk),
        context,
        payload: toHex(payload),
        encapsulation: toHex(draws.encapsulation),
        nonce: toHex(draws.nonce),
        wrap: toHex(wrap),
        expect: "opens",
      },
      {
        name: "without a psk",
        seed: toHex(seed),
        psk: "",
        context,
        payload: toHex(payload),
        wrap: toHex(open),
        expect: "opens",
      },
    ],
    invalid: [
      refused(
        "another purpose",
        "a circle's wrap offered as the pocket's",
        "does-not-open",
        elsewhere({ purpose: "pocket" }),
      ),
      refused("another space", "cut and paste between circles", "does-not-open", elsewhere({ space: id() })),
      refused("another epoch", "rollback of an epoch", "does-not-open", elsewhere({ epoch: 8 })),
      refused("another sender", "key swap", "does-not-open", elsewhere({ sender: toHex(draw(32)) })),
      refused("another recipient", "key swap", "does-not-open", elsewhere({ recipient: toHex(draw(32)) })),
      refused(
        "sender and recipient changed round",
        "reflection",
        "does-not-open",
        elsewhere({ sender: context.recipient, recipient: context.sender }),
      ),
      refused("another box", "a wrap for someone else", "does-not-open", { seed: toHex(draw(32)) }),
      refused("psk left out", "authentication stripped", "does-not-open", { psk: "" }),
      refused("another psk", "a wrap by someone who isn't paired", "does-not-open", { psk: toHex(draw(32)) }),
      refused("a psk where none was used", "authentication claimed", "does-not-open", { wrap: toHex(open) }),
      refused("X25519 part turned", "classical half", "does-not-open", { wrap: toHex(turned(wrap, (1 + 1100) * 8)) }),
      refused("ML-KEM part turned", "post-quantum half", "does-not-open", { wrap: toHex(turned(wrap, 10 * 8)) }),
      refused("commitment turned", "key commitment", "does-not-open", {
        wrap: toHex(turned(wrap, (1 + 1120 + 30) * 8)),
      }),
      refused("ciphertext turned", "malleability", "does-not-open", { wrap: toHex(turned(wrap, (1 + 1120 + 60) * 8)) }),
      refused("only the X-Wing ciphertext", "a cut", "does-not-open", { wrap: toHex(wrap.slice(0, 1121)) }),
      refused("cut inside the X-Wing ciphertext", "a cut", "does-not-open", { wrap: toHex(wrap.slice(0, 600)) }),
      refused("version 0", "a classical-only format that never was", "unknown-version", {
        wrap: toHex(changed(wrap, 0, 0)),
      }),
      refused("version 255", "a newer one", "unknown-version", { wrap: toHex(changed(wrap, 0, 255)) }),
      refused("empty", "nothing", "unknown-version", { wrap: "" }),
    ],
  };
}

function waysIn() {
  const [seed, vaultKey, burn] = [draw(32), draw(32), draw(32)];
  const kdf = { memoryKiB: 65_536, passes: 3, salt: draw(16) };
  const draws = drawn();
  const pictures = there.createWayIn({ kind: 1, kdf }, seed, vaultKey, burn, draws);
  const card = there.createWayIn({ kind: 3, kdf: null }, seed, vaultKey, burn, drawn());
  const valid = (name: string, kind: string, wayIn: Bytes, params: object | null, more: object = {}) => ({
    name,
    kind,
    params,
    seed: toHex(seed),
    burn: toHex(burn),
    vaultKey: toHex(vaultKey),
    wayIn: toHex(wayIn),
    expect: "opens",
    ...more,
  });
  const params = { ...kdf, salt: toHex(kdf.salt) };
  const refused = (name: string, attacks: string, expect: string, wayIn: Bytes, change: object = {}) => ({
    name,
    attacks,
    expect,
    seed: toHex(seed),
    burn: toHex(burn),
    wayIn: toHex(wayIn),
    ...change,
  });
  const header = (offset: number, value: number) =>
    there.join(pictures.slice(0, offset), there.uint(value, 4), pictures.slice(offset + 4));
  return {
    spec: "docs/protocol/unlocking.md",
    valid: [
      valid("seven pictures", "pictures", pictures, params, {
        encapsulation: toHex(draws.encapsulation),
        nonce: toHex(draws.nonce),
      }),
      valid("a card", "card", card, null),
      valid(
        "a passphrase, dearer",
        "passphrase",
        there.createWayIn({ kind: 2, kdf: { ...kdf, memoryKiB: 262_144, passes: 16 } }, seed, vaultKey, burn, drawn()),
        { ...params, memoryKiB: 262_144, passes: 16 },
      ),
      valid(
        "a passkey with pictures",
        "prf",
        there.createWayIn({ kind: 4, kdf }, seed, vaultKey, burn, drawn()),
        params,
      ),
    ],
    invalid: [
      refused("memory 65535 KiB", "cheaper guessing", "kdf-out-of-range", header(3, 65_535)),
      refused("memory 8 KiB", "cheaper guessing", "kdf-out-of-range", header(3, 8)),
      refused("memory 4 GiB less 1 KiB", "a tablet that freezes", "kdf-out-of-range", header(3, 4 * 1024 * 1024 - 1)),
      refused("memory 2^32 - 1 KiB", "a tablet that freezes", "kdf-out-of-range", header(3, 2 ** 32 - 1)),
      refused("2 passes", "cheaper guessing", "kdf-out-of-range", header(7, 2)),
      refused("0 passes", "cheaper guessing", "kdf-out-of-range", header(7, 0)),
      refused("2^31 passes", "a tablet that freezes", "kdf-out-of-range", header(7, 2 ** 31)),
      refused("dearer than made, within the range", "parameters are bound", "does-not-open", header(7, 4)),
      refused("KDF 2", "algorithm downgrade", "unknown-suite", changed(pictures, 2, 2)),
      refused("KDF 0, parameters left", "KDF stripped", "bad-format", changed(pictures, 2, 0)),
      refused(
        "KDF 0, parameters cleared",
        "KDF stripped",
        "kdf-out-of-range",
        there.join(pictures.slice(0, 2), new Uint8Array(25), pictures.slice(27)),
      ),
      refused("kind 0", "a kind that isn't one", "bad-format", changed(pictures, 1, 0)),
      refused("kind 5", "a kind that isn't one", "bad-format", changed(pictures, 1, 5)),
      refused("pictures offered as passphrase", "another kind", "does-not-open", changed(pictures, 1, 2)),
      refused("a card offered as a bare passkey", "another kind", "does-not-open", changed(card, 1, 4)),
      refused("version 0", "downgrade", "unknown-version", changed(pictures, 0, 0)),
      refused("version 255", "a newer one", "unknown-version", changed(pictures, 0, 255)),
      refused("salt turned", "another code", "does-not-open", turned(pictures, 12 * 8)),
      refused("public key turned", "key swap", "does-not-open", turned(pictures, 100 * 8)),
      refused("tag turned", "another wrap on the server", "does-not-open", turned(pictures, 1250 * 8)),
      refused("ciphertext turned", "malleability", "does-not-open", turned(pictures, 2460 * 8)),
      refused("another code", "guessing", "does-not-open", pictures, { seed: toHex(draw(32)) }),
      refused("burnt", "a copy of the old slot after burning", "does-not-open", pictures, { burn: toHex(draw(32)) }),
      refused("header only", "a cut", "does-not-open", pictures.slice(0, 1259)),
      refused("cut in the header", "a cut", "bad-format", pictures.slice(0, 1000)),
      refused("empty", "nothing", "bad-format", new Uint8Array(0)),
    ],
  };
}

function capabilities() {
  const [ownSeed, space, serverId, epoch] = [draw(32), id(), id(), 5];
  const rungs = people.ladder(ownSeed, space, epoch);
  const nonce = draw(32);
  const rights = { own: 3, write: 2, read: 1 } as const;
  const proofs = (["own", "write", "read"] as const).map((right) => {
    const seed = rungs.capabilities[right];
    const message = people.capabilityMessage(nonce, serverId, space, epoch, rights[right]);
    return {
      right,
      publicKey: toHex(people.signingKey(seed)),
      message: toHex(message),
      proof: toHex(people.proof(seed, message)),
    };
  });
  const drop = draw(32);
  const bodyHash = draw(32);
  const drops = (["drop", "card"] as const).map((purpose, i) => {
    const message = people.dropMessage(serverId, i + 1, bodyHash);
    return {
      purpose,
      bodyHash: toHex(bodyHash),
      publicKey: toHex(people.signingKey(drop)),
      message: toHex(message),
      proof: toHex(people.proof(drop, message)),
    };
  });
  const write = proofs[1] as (typeof proofs)[number];
  const wrong = (
    name: string,
    attacks: string,
    change: Partial<{ nonce: Bytes; serverId: string; space: string; epoch: number; right: number }>,
  ) => ({
    name,
    attacks,
    publicKey: write.publicKey,
    proof: write.proof,
    message: toHex(
      people.capabilityMessage(
        change.nonce ?? nonce,
        change.serverId ?? serverId,
        change.space ?? space,
        change.epoch ?? epoch,
        change.right ?? 2,
      ),
    ),
  });
  return {
    spec: "docs/protocol/capabilities.md",
    ownSeed: toHex(ownSeed),
    space,
    epoch,
    serverId,
    nonce: toHex(nonce),
    ladder: { writeSeed: toHex(rungs.write), readSeed: toHex(rungs.read), contentKey: toHex(rungs.content) },
    proofs,
    dropSeed: toHex(drop),
    drops,
    invalid: [
      wrong("another nonce", "replay on another connection", { nonce: draw(32) }),
      wrong("another server", "a server that passes proofs on", { serverId: id() }),
      wrong("another space", "cut and paste between spaces", { space: id() }),
      wrong("the next epoch", "a removed member", { epoch: epoch + 1 }),
      wrong("the own rung", "a member that wants to prune", { right: 3 }),
      {
        name: "a drop proof",
        attacks: "one kind of proof for another",
        publicKey: write.publicKey,
        proof: drops[0]?.proof,
        message: write.message,
      },
      {
        name: "proof of zeros",
        attacks: "forgery",
        publicKey: write.publicKey,
        proof: "00".repeat(64),
        message: write.message,
      },
      {
        name: "the read key",
        attacks: "a lower rung",
        publicKey: proofs[2]?.publicKey,
        proof: write.proof,
        message: write.message,
      },
    ],
  };
}

function cards() {
  const secrets = [new Uint8Array(18), new Uint8Array(18).fill(255), draw(18)];
  const valid = secrets.map((secret) => {
    const keys = people.cardKeys(secret);
    return {
      secret: toHex(secret),
      rows: people.cardPictures(secret),
      boxSeed: toHex(keys.boxSeed),
      wrapSecret: toHex(keys.wrapSecret),
      wayInSeed: toHex(keys.wayInSeed),
    };
  });
  const rows = people.cardPictures(draw(18));
  const edit = (change: (rows: number[][]) => void) => {
    const copy = rows.map((row) => [...row]);
    change(copy);
    return copy;
  };
  const swap = (row: number[], a: number, b: number) => {
    [row[a], row[b]] = [row[b] as number, row[a] as number];
  };
  return {
    spec: "docs/protocol/card.md",
    valid,
    invalid: [
      {
        attacks: "one wrong picture",
        wrongRows: [2],
        rows: edit((all) => {
          (all[2] as number[])[1] = ((all[2] as number[])[1] as number) ^ 5;
        }),
      },
      {
        attacks: "a wrong check picture",
        wrongRows: [5],
        rows: edit((all) => {
          (all[5] as number[])[4] = ((all[5] as number[])[4] as number) ^ 1;
        }),
      },
      { attacks: "two neighbours changed round", wrongRows: [0], rows: edit((all) => swap(all[0] as number[], 1, 2)) },
      {
        attacks: "first and check picture changed round",
        wrongRows: [3],
        rows: edit((all) => swap(all[3] as number[], 0, 4)),
      },
      {
        attacks: "two rows changed round",
        wrongRows: [1, 4],
        rows: edit((all) => {
          [all[1], all[4]] = [all[4] as number[], all[1] as number[]];
        }),
      },
    ],
  };
}

function peopleVectors() {
  const [identity, box, mailbox] = [draw(32), there.boxPublicKey(draw(32)), id()];
  const card = people.contactCard(identity, box, mailbox, 1, "Alma Ærø");
  const pinned = people.cardHash(card);
  const [drop, qrSecret] = [draw(32), draw(32)];
  const nonce = draw(24);
  const refused = (attacks: string, expect: string, bytes: Bytes) => ({ attacks, expect, card: toHex(bytes) });
  const signedAnew = (role: number, name: string) => people.contactCard(identity, box, mailbox, role, name);
  const text = people.invitation(mailbox, drop, qrSecret, card, 1_900_000_000);
  return {
    spec: "docs/protocol/pairing.md",
    card: {
      identity: toHex(people.signingKey(identity)),
      box: toHex(box),
      mailbox,
      role: "child",
      name: "Alma Ærø",
      card: toHex(card),
      hash: toHex(pinned),
    },
    device: {
      publicKey: toHex(people.signingKey(drop)),
      box: toHex(box),
      hash: toHex(people.deviceHash(people.signingKey(drop), box)),
    },
    invalidCards: [
      refused("name turned", "bad-signature", turned(card, (1 + 32 + 1216 + 16 + 1 + 2) * 8)),
      refused("box key turned: key swap", "bad-signature", turned(card, 500 * 8)),
      refused("mailbox turned: redirection", "bad-signature", turned(card, (1 + 32 + 1216) * 8)),
      refused(
        "another identity's key",
        "bad-signature",
        there.join(hex("01"), people.signingKey(draw(32)), card.slice(33)),
      ),
      refused("role 0", "bad-format", signedAnew(0, "Alma")),
      refused("role 9", "bad-format", signedAnew(9, "Alma")),
      refused("no name", "bad-format", signedAnew(1, "")),
      refused("65 characters", "bad-format", signedAnew(1, "a".repeat(65))),
      refused("a line break in the name", "bad-format", signedAnew(1, "Alma\nMor")),
      refused("a name that turns the text around", "bad-format", signedAnew(1, "\u202eamlA")),
      refused("cut", "bad-format", card.slice(0, -1)),
      refused("a byte more", "bad-format", there.join(card, hex("00"))),
      refused("version 0", "unknown-version", changed(card, 0, 0)),
      refused("empty", "bad-format", new Uint8Array(0)),
    ],
    invitation: {
      mailbox,
      dropSeed: toHex(drop),
      qrSecret: toHex(qrSecret),
      expires: 1_900_000_000,
      text,
      nonce: toHex(nonce),
      sealedCard: toHex(people.invitedCard(mailbox, qrSecret, pinned, card, nonce)),
    },
    invalidInvitations: [
      { attacks: "padding", expect: "bad-format", text: `${text}=` },
      { attacks: "white space", expect: "bad-format", text: `${text}\n` },
      { attacks: "cut", expect: "bad-format", text: text.slice(0, -4) },
      { attacks: "longer", expect: "bad-format", text: `${text}AAAA` },
      { attacks: "the other base64", expect: "bad-format", text: `+${text.slice(1)}` },
      { attacks: "version 2", expect: "unknown-version", text: `Ag${text.slice(2)}` },
      { attacks: "empty", expect: "bad-format", text: "" },
    ],
  };
}

function rosters() {
  const [owner, eve, space] = [draw(32), draw(32), id()];
  const ownerKey = people.signingKey(owner);
  const inOrder = (members: people.Member[]) =>
    members.toSorted((a, b) => (toHex(a.author) < toHex(b.author) ? -1 : 1));
  const member = (role: number): people.Member => ({ author: people.signingKey(draw(32)), role, memberId: id() });
  const [child, adult, ghost] = [member(1), member(2), member(2)];
  const fields = {
    space,
    epoch: 1,
    number: 0,
    previous: new Uint8Array(32),
    members: inOrder([child, adult]),
    frontier: [] as people.Chain[],
  };
  const genesis = people.checkpoint(owner, ownerKey, fields);
  const next = (before: Bytes, number: number, change: Partial<people.Checkpoint> = {}) => ({
    ...fields,
    number,
    previous: people.checkpointHash(before),
    ...change,
  });
  const second = people.checkpoint(
    owner,
    ownerKey,
    next(genesis, 1, {
      epoch: 2,
      members: [child],
      frontier: [{ chain: id(), author: adult.author, counter: 7, hash: draw(32) }],
    }),
  );
  const third = people.checkpoint(owner, ownerKey, next(second, 2, { epoch: 2, members: [child] }));
  const fork = people.checkpoint(owner, ownerKey, next(genesis, 1, { epoch: 3 }));
  const one = (attacks: string, problem: string, at: number, checkpoints: Bytes[]) => ({
    attacks,
    problem,
    at,
    checkpoints: checkpoints.map(toHex),
  });
  const withGhost = { ...next(genesis, 1), members: inOrder([child, adult, ghost]) };
  return {
    spec: "docs/protocol/rosters.md",
    pinned: { space, owner: toHex(ownerKey), genesis: toHex(people.checkpointHash(genesis)) },
    valid: {
      checkpoints: [genesis, second, third].map(toHex),
      epoch: 2,
      number: 2,
      hash: toHex(people.checkpointHash(third)),
      members: [{ author: toHex(child.author), role: "owner", memberId: child.memberId }],
    },
    invalid: [
      one("a ghost member, signed by the server's own key", "bad-signature", 1, [
        genesis,
        people.checkpoint(eve, ownerKey, withGhost),
      ]),
      one("another owner", "foreign-owner", 1, [genesis, people.checkpoint(eve, people.signingKey(eve), withGhost)]),
      one("a role changed after signing", "bad-signature", 1, [
        genesis,
        changed(second, 1 + 16 + 8 + 8 + 32 + 32 + 2 + 32, 2),
      ]),
      one("a checkpoint of another circle of the same owner", "foreign-space", 1, [
        genesis,
        people.checkpoint(owner, ownerKey, { ...next(genesis, 1), space: id() }),
      ]),
      one("a fork", "fork", 2, [genesis, second, fork]),
      one("a fork with a later number", "fork", 2, [
        genesis,
        second,
        people.checkpoint(owner, ownerKey, next(fork, 2, { epoch: 4 })),
      ]),
      one("rollback", "fork", 3, [genesis, second, third, second]),
      one("an epoch put back", "epoch-went-back", 2, [
        genesis,
        second,
        people.checkpoint(owner, ownerKey, next(second, 2, { epoch: 1 })),
      ]),
      one("a checkpoint withheld", "missing", 1, [genesis, third]),
      one("another beginning", "wrong-genesis", 0, [
        people.checkpoint(owner, ownerKey, { ...fields, members: [child] }),
      ]),
      one("the beginning withheld", "wrong-genesis", 0, [second, third]),
      one("nothing", "nothing", 0, []),
      one("a member named twice", "bad-format", 1, [
        genesis,
        people.checkpoint(owner, ownerKey, { ...next(genesis, 1), members: [child, child] }),
      ]),
      one("members out of order", "bad-format", 1, [
        genesis,
        people.checkpoint(owner, ownerKey, { ...next(genesis, 1), members: inOrder([child, adult]).toReversed() }),
      ]),
      one("role 3", "bad-format", 1, [
        genesis,
        people.checkpoint(owner, ownerKey, { ...next(genesis, 1), members: [{ ...child, role: 3 }] }),
      ]),
      one("cut", "bad-format", 1, [genesis, second.slice(0, -1)]),
      one("a byte more", "bad-format", 1, [genesis, there.join(second, hex("00"))]),
      one("version 0", "unknown-version", 0, [changed(genesis, 0, 0)]),
    ],
  };
}

/** File name → content. Always the same; order matters, as all draw from one counter. */
export function makeVectors(): Record<string, object> {
  drawnSoFar = 0;
  return {
    "records.json": records(),
    "blobs.json": blobs(),
    "wraps.json": wraps(),
    "ways-in.json": waysIn(),
    "capabilities.json": capabilities(),
    "card.json": cards(),
    "people.json": peopleVectors(),
    "rosters.json": rosters(),
    "rows.json": exchange.rows({ draw, id, drawn }),
    "payloads.json": exchange.payloads({ draw, id, drawn }),
    "pairing.json": exchange.pairing({ draw, id, drawn }),
    "renewed.json": exchange.renewed({ draw, id, drawn }),
  };
}

export const asText = (vectors: object): string => `${JSON.stringify(vectors, null, 1)}\n`;

if (process.argv[1] === import.meta.filename) {
  for (const [file, vectors] of Object.entries(makeVectors())) {
    writeFileSync(new URL(file, import.meta.url), asText(vectors));
  }
}

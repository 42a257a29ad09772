/** Chains, authors and keys of what arrives, with the real crypto over an in-memory disk. */
import sodium from "libsodium-wrappers-sumo";
import { beforeAll, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { Batch } from "../../../client/vault/batch.ts";
import { freeze } from "../../../client/vault/freeze.ts";
import { reconsider } from "../../../client/vault/receive.ts";
import { beginAsking, settleAsking } from "../../../client/vault/repair.ts";
import { sealCheckpoint } from "../../../client/vault/sharing/checkpoints.ts";
import { placeOf } from "../../../client/vault/space-log.ts";
import { createAuthorKeys, createOwnerKeys } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { type ChainHead, digestHeads, encodeVoid, NO_PREVIOUS, signInner } from "../../../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../../../crypto/ladder.ts";
import { sealRecord } from "../../../crypto/records.ts";
import { signCheckpoint } from "../../../crypto/rosters.ts";
import { ready, toHex } from "../../../crypto/sodium.ts";
import type { AuthorKeyPair, BlobId, ChainId, DocumentTag, Hash32, MemberId, OwnSeed } from "../../../crypto/types.ts";
import { createVaultKey } from "../../../crypto/unlocking.ts";
import type { OuterRecord } from "../../../protocol/frames.ts";
import { at, Member, space, two } from "./member.ts";

beforeAll(ready);

/** The same bytes but for one bit. */
const turned = (sealed: Uint8Array): Uint8Array =>
  sealed.map((byte, i) => (i === sealed.length >> 1 ? byte ^ 1 : byte));

describe("what arrives", () => {
  it("is opened, in order, and the same record twice is one", async () => {
    const { alma, mette } = await two();
    const [first, second] = [await alma.say("et"), await alma.say("to")];
    await mette.take(at(1, first), at(2, second));
    await mette.take(at(1, first), at(2, second));
    expect(await mette.heard()).toEqual(["et", "to"]);
    expect((await mette.log.state()).problem).toBeNull();
    expect((await mette.log.state()).cursor?.seq).toBe(2);
  });

  it("takes the place of a damaged row, of another's record and of our own, and nothing else is held up", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("et"), await alma.say("to")] as const;
    const mine = await mette.say("mit");
    await mette.take(at(1, ops[0]), at(2, ops[1]));
    for (const { opId } of [ops[0], mine]) {
      const key = mette.log.store.key(["said", space], opId);
      await mette.log.store.commit([{ put: "log", key, bytes: new Uint8Array(300) }]);
    }
    expect(await mette.heard()).toEqual(["to"]);
    const { health } = await mette.take(at(1, ops[0]), at(2, ops[1]), at(3, mine));
    expect(health.trouble).toBeNull();
    expect(await mette.heard()).toEqual(["et", "to", "mit"]);
    expect(await mette.log.outbox.frozen(space)).toEqual([]);
    expect(await mette.problems()).toEqual([null, null, null]);
  });

  it("is verified once: what comes again with the same bytes is known, and with others is not", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("et"), await alma.say("to")] as const;
    await mette.take(at(1, ops[0]), at(2, ops[1]));
    const verified = vi.spyOn(sodium, "crypto_sign_verify_detached");
    try {
      await mette.take(at(3, ops[0]), at(4, ops[1]));
      expect(verified).toHaveBeenCalledTimes(0);
      // The same words at the same place by a member who holds the content key, under another signature.
      const { document, kind, opId, epoch } = ops[1];
      const { chain, counter, hash } = (await mette.log.state()).heads[0] as ChainHead;
      const inner = signInner(
        {
          ...{ space, document, kind, opId, chain, counter, previous: hash },
          ...{ heads: digestHeads([]), clientIds: [], payload: new TextEncoder().encode("to") },
        },
        mette.author.privateKey,
      );
      const key = mette.log.keyring.ladder(space, epoch)?.contentKey;
      if (key === undefined) throw new Error("no key");
      const sealed = sealRecord(inner, { space, document, kind, epoch, opId }, key);
      const { health } = await mette.take(at(5, { ...ops[1], sealed }));
      expect(verified).toHaveBeenCalled();
      expect(health.trouble).toBe("fork");
    } finally {
      verified.mockRestore();
    }
    expect(await mette.heard()).toEqual(["et", "to"]);
    expect((await mette.log.said()).map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it("settles our own when it comes back without an ack", async () => {
    const { alma } = await two();
    const op = await alma.say("mit eget");
    expect(await alma.log.outbox.frozen(space)).toHaveLength(1);
    await alma.take(at(7, op));
    expect(await alma.log.outbox.frozen(space)).toEqual([]);
    expect((await alma.log.said())[0]?.seq).toBe(7);
    expect(await alma.heard()).toEqual(["mit eget"]);
  });

  it("says that something is missing only when it was asked for once more", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2"), await alma.say("3")] as const;
    const { health } = await mette.take(at(1, ops[0]), at(3, ops[2]));
    expect(health).toEqual({ wantsAsking: true, trouble: null });
    expect(await settleAsking(mette.log)).toEqual(health);
    // Closed in the middle of asking, it still knows of which server it has this: a restore would be noticed.
    const { cursor } = await mette.log.state();
    await beginAsking(mette.log);
    expect((await mette.log.state()).cursor).toEqual({ ...cursor, seq: 0 });
    expect(await mette.askedAgain()).toEqual({ wantsAsking: false, trouble: "incomplete" });
    expect((await mette.log.state()).problem).toBe("incomplete");
    expect(await mette.heard()).toEqual(["1", "3"]);
    const filled = await mette.take(at(2, ops[1]));
    expect(filled.health).toEqual({ wantsAsking: false, trouble: null });
  });

  it("asks for what is missing once per opening, and heals when the server was mended", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2"), await alma.say("3")] as const;
    const damaged = at(2, { ...ops[1], sealed: turned(ops[1].sealed) });
    for (let time = 0; time < 3; time++) {
      await mette.take(at(1, ops[0]), damaged, at(3, ops[2]));
      expect((await mette.askedAgain()).trouble).toBe("incomplete");
    }
    expect((await mette.log.state()).troubled).toHaveLength(1);
    expect((await settleAsking(mette.log)).wantsAsking).toBe(false);
    mette.log.asked = "never"; // The next opening.
    expect(await settleAsking(mette.log)).toEqual({ wantsAsking: true, trouble: "incomplete" });
    const mended = await mette.take(at(1, ops[0]), at(2, ops[1]), at(3, ops[2]));
    expect(mended.health).toEqual({ wantsAsking: false, trouble: null });
    expect(await mette.heard()).toEqual(["1", "2", "3"]);
  });

  it("keeps what it has when the server hands out a damaged copy of it", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2")] as const;
    await mette.take(at(1, ops[0]), at(2, ops[1]));
    await mette.take(at(3, { ...ops[0], sealed: turned(ops[0].sealed) }));
    expect(await mette.heard()).toEqual(["1", "2"]);
    expect(await mette.problems()).toEqual([null, null]);
    // Our own, too, after it was acknowledged.
    await alma.take(at(1, ops[0]));
    await alma.take(at(4, { ...ops[0], sealed: turned(ops[0].sealed) }));
    expect(await alma.heard()).toEqual(["1", "2"]);
  });

  it("is one also where the server hands it out twice in one page", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2")] as const;
    await mette.take(at(1, ops[0]), at(2, ops[1]), at(3, ops[0]));
    expect(await mette.heard()).toEqual(["2", "1"]);
    expect(await mette.problems()).toEqual([null, null]);
    expect((await mette.log.state()).problem).toBeNull();
  });

  it.each([
    ["", false],
    [" of that page", true],
  ])(
    "keeps another's words when a member signs something under the same name%s, with the server's help",
    async (_, isOnePage) => {
      const { alma, mette, seed } = await two();
      const op = await alma.say("mine ord");
      await mette.take(at(1, op));
      const reader = isOnePage ? await (await Member.create(seed)).knows(alma, mette) : alma;
      if (!isOnePage) await alma.take(at(1, op));
      const { author } = mette;
      const { document, kind, opId, epoch } = op;
      const inner = signInner(
        {
          ...{ space, document, kind, opId, chain: randomId<ChainId>(), counter: 1, previous: NO_PREVIOUS },
          ...{ heads: digestHeads([]), clientIds: [], payload: new TextEncoder().encode("dine ord") },
        },
        author.privateKey,
      );
      const key = alma.log.keyring.ladder(space, epoch)?.contentKey;
      if (key === undefined) throw new Error("no key");
      const forged = { ...op, sealed: sealRecord(inner, { space, document, kind, epoch, opId }, key) };
      const { health } = await reader.take(...(isOnePage ? [at(1, op)] : []), at(2, forged));
      expect(await reader.heard()).toEqual(["mine ord"]);
      expect(health.trouble).toBe("fork");
    },
  );

  it("shows words whose name somebody who isn't in the roster, with the server's help, was quicker to take", async () => {
    const { alma, mette, seed } = await two();
    const stranger = await Member.create(seed);
    const op = await alma.say("mine ord");
    const { document, kind, opId, epoch } = op;
    const inner = signInner(
      {
        ...{ space, document, kind, opId, chain: randomId<ChainId>(), counter: 1, previous: NO_PREVIOUS },
        ...{ heads: digestHeads([]), clientIds: [], payload: new TextEncoder().encode("ingens ord") },
      },
      stranger.author.privateKey,
    );
    const key = mette.log.keyring.ladder(space, epoch)?.contentKey;
    if (key === undefined) throw new Error("no key");
    await mette.take(at(1, { ...op, sealed: sealRecord(inner, { space, document, kind, epoch, opId }, key) }));
    expect(await mette.problems()).toEqual(["unknown-author"]);
    await mette.take(at(1, op));
    expect(await mette.heard()).toEqual(["mine ord"]);
    expect(await mette.problems()).toEqual([null]);
    await reconsider(mette.log);
    expect(await mette.heard()).toEqual(["mine ord"]);
  });

  it("takes the record itself for the nonsense that came before it under its name", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2")] as const;
    const sealed = ops[0].sealed.slice(0, 30);
    await mette.take(at(1, { ...ops[0], sealed }), at(2, ops[1]));
    expect(await mette.heard()).toEqual(["2"]);
    await mette.take(at(1, ops[0]));
    expect(await mette.heard()).toEqual(["1", "2"]);
    expect((await mette.log.state()).problem).toBeNull();
  });

  it("misses the beginning of a chain, unless it lies before the checkpoint with which we joined", async () => {
    const { alma, seed } = await two();
    const ops = [await alma.say("1"), await alma.say("2"), await alma.say("3")] as const;
    const later = await (await Member.create(seed)).knows(alma);
    await later.take(at(3, ops[2]));
    expect(await later.askedAgain()).toEqual({ wantsAsking: false, trouble: "incomplete" });

    const joined = await (await Member.create(seed)).knows(alma);
    const inner = (await alma.log.said())[1]?.inner;
    if (inner == null) throw new Error("no inner");
    const batch = new Batch();
    joined.log.putState(batch, { ...(await joined.log.state()), joined: [placeOf(inner)] });
    await batch.commit(joined.log.store);
    await joined.take(at(3, ops[2]));
    expect(await joined.askedAgain()).toEqual({ wantsAsking: false, trouble: null });
  });

  it("misses nothing that a tombstone explains", async () => {
    const { alma, seed } = await two();
    const ops = [await alma.say("1"), await alma.say("2"), await alma.say("3")] as const;
    const told = await (await Member.create(seed)).knows(alma);
    const gone = (await alma.log.said())[1]?.inner;
    if (gone == null) throw new Error("no inner");
    const batch = new Batch();
    told.log.putState(batch, { ...(await told.log.state()), gaps: [placeOf(gone)] });
    await batch.commit(told.log.store);
    const { health } = await told.take(at(1, ops[0]), at(3, ops[2]));
    expect(health).toEqual({ wantsAsking: false, trouble: null });
  });

  it("takes a record that comes late, and a void that says it never will", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2"), await alma.say("3")] as const;
    await mette.take(at(1, ops[0]), at(3, ops[2]));
    expect((await mette.log.state()).missing).toHaveLength(1);
    await mette.take(at(4, ops[1]));
    expect(await mette.heard()).toEqual(["1", "3", "2"]);
    expect((await mette.log.state()).problem).toBeNull();

    const refused = await alma.say("det tog serveren ikke");
    const next = await alma.say("5");
    const row = (await alma.log.said()).find(({ opId }) => opId === refused.opId);
    if (row?.inner == null) throw new Error("no row");
    await alma.write(randomId<DocumentTag>(), "void", encodeVoid(placeOf(row.inner)));
    const [voided] = await alma.freezeAll();
    if (voided === undefined) throw new Error("nothing frozen");
    await mette.take(at(5, next));
    expect((await mette.askedAgain()).trouble).toBe("incomplete");
    await mette.take(at(6, voided));
    expect((await mette.log.state()).problem).toBeNull();
  });

  it("lets nobody explain a gap in another's chain", async () => {
    const { alma, mette } = await two();
    const ops = [await alma.say("1"), await alma.say("2"), await alma.say("3")] as const;
    const gone = (await alma.log.said())[1]?.inner;
    if (gone == null) throw new Error("no inner");
    await mette.write(randomId<DocumentTag>(), "void", encodeVoid(placeOf(gone)));
    const [forged] = await mette.freezeAll();
    if (forged === undefined) throw new Error("nothing frozen");
    const third = await (await Member.create((await alma.seed()) as OwnSeed)).knows(alma, mette);
    await third.take(at(1, ops[0]), at(3, ops[2]), at(4, forged));
    expect((await third.askedAgain()).trouble).toBe("incomplete");
  });

  it("notices a record that claims to follow another history", async () => {
    const { alma, mette, seed } = await two();
    const twin = await Member.create(seed, alma.author);
    const chain = randomId<ChainId>();
    for (const device of [alma, twin]) {
      const batch = new Batch();
      device.log.putState(batch, { ...(await device.log.state()), chain });
      await batch.commit(device.log.store);
    }
    await mette.take(at(1, await alma.say("den ene")));
    await twin.say("den anden");
    await mette.take(at(2, await twin.say("den anden, fortsat")));
    expect((await mette.log.state()).problem).toBe("fork");
    expect(await mette.heard()).toEqual(["den ene"]);
  });

  it("keeps both of two histories and shows the first", async () => {
    const { alma, mette, seed } = await two();
    const twin = await Member.create(seed, alma.author);
    const chain = randomId<ChainId>();
    for (const device of [alma, twin]) {
      const batch = new Batch();
      device.log.putState(batch, { ...(await device.log.state()), chain });
      await batch.commit(device.log.store);
    }
    await mette.take(at(1, await alma.say("den ene")));
    await mette.take(at(2, await twin.say("den anden")));
    expect((await mette.log.state()).problem).toBe("fork");
    expect(await mette.heard()).toEqual(["den ene"]);
    expect(await mette.problems()).toEqual([null, "fork"]);
  });

  it("keeps what no known author signed, and reads it once the roster names them", async () => {
    const { alma, mette, seed } = await two();
    const stranger = await Member.create(seed);
    await mette.take(at(1, await stranger.say("hvem er jeg")), at(2, await alma.say("mig")));
    expect(await mette.heard()).toEqual(["mig"]);
    expect(await mette.problems()).toEqual(["unknown-author", null]);
    await mette.knows(alma, stranger);
    await reconsider(mette.log);
    expect(await mette.heard()).toEqual(["hvem er jeg", "mig"]);
    expect((await mette.log.state()).troubled).toEqual([]);
  });

  it("keeps what does not open: damaged, cut, of an epoch without keys", async () => {
    const { alma, mette } = await two();
    const op = await alma.say("helt");
    const damaged = { ...op, sealed: op.sealed.slice() };
    damaged.sealed[80] = (damaged.sealed[80] ?? 0) ^ 1;
    await mette.take(at(1, damaged), at(2, { ...(await alma.say("to")), epoch: 5 }), at(3, await alma.say("tre")));
    expect(await mette.heard()).toEqual(["tre"]);
    expect((await mette.log.said()).filter(({ sealed }) => sealed !== null)).toHaveLength(2);
  });

  it("refuses another's Yjs client id in a joint page", async () => {
    const { alma, mette } = await two();
    const document = randomId<DocumentTag>();
    const doc = alma.page();
    doc.getText("t").insert(0, "af Alma");
    await alma.write(document, "update", Y.encodeStateAsUpdate(doc));
    const [hers] = await alma.freezeAll();
    const forged = new Y.Doc();
    forged.clientID = doc.clientID;
    forged.getText("t").insert(0, "forfalsket");
    await mette.write(document, "update", Y.encodeStateAsUpdate(forged));
    const [his] = await mette.freezeAll();
    if (hers === undefined || his === undefined) throw new Error("nothing frozen");

    await alma.take(at(1, hers), at(2, his));
    const read = new Y.Doc();
    for (const update of await alma.log.updates(document)) Y.applyUpdate(read, update);
    expect(read.getText("t").toString()).toBe("af Alma");

    // What only deletes names nobody and is allowed: writing together means that, too.
    const deleting = new Y.Doc();
    Y.applyUpdate(deleting, Y.encodeStateAsUpdate(doc));
    let only: Uint8Array | null = null;
    deleting.on("update", (update: Uint8Array) => {
      only = update;
    });
    deleting.getText("t").delete(0, 3);
    if (only === null) throw new Error("no update");
    await mette.write(document, "update", only);
    const [deletes] = await mette.freezeAll();
    if (deletes === undefined) throw new Error("nothing frozen");
    await alma.take(at(3, deletes));
    const after = new Y.Doc();
    for (const update of await alma.log.updates(document)) Y.applyUpdate(after, update);
    expect(after.getText("t").toString()).toBe("Alma");
  });

  it("takes nothing for another history that a snapshot stands for which still waits to be signed anew", async () => {
    const { alma, mette } = await two();
    const document = randomId<DocumentTag>();
    const doc = alma.page();
    doc.getText("t").insert(0, "af Alma");
    const payload = Y.encodeStateAsUpdate(doc);
    await alma.write(document, "update", payload);
    const [op] = await alma.freezeAll();
    const [place] = (await alma.log.state()).heads;
    if (op === undefined || place === undefined) throw new Error("nothing frozen");
    await mette.take(at(1, op));
    // Compacted here, and then the key with which the snapshot was signed ended before it was sent.
    const batch = new Batch();
    const covered = [{ chain: place.chain, from: 1, to: place.counter }];
    mette.log.removeRow(batch, op);
    await mette.log.addPending(batch, { document, kind: "snapshot", payload, covered, blobs: [], clientIds: [] }, 1);
    await batch.commit(mette.log.store);
    // A server that was restored has the record itself again.
    const { health } = await mette.take(at(4, op));
    expect(health.trouble).toBeNull();
    expect(await mette.log.rows(document)).toEqual([]);
  });

  it("takes a snapshot of an owner's only: another's stands for nothing", async () => {
    const { alma, mette, seed } = await two();
    const document = randomId<DocumentTag>();
    const doc = alma.page();
    doc.getText("t").insert(0, "af Alma");
    await alma.write(document, "update", Y.encodeStateAsUpdate(doc));
    const [hers] = await alma.freezeAll();
    const [place] = (await alma.log.state()).heads;
    if (hers === undefined || place === undefined) throw new Error("nothing frozen");
    // What she wrote left out, and said to be in it.
    const batch = new Batch();
    const covered = [{ chain: place.chain, from: 1, to: place.counter }];
    const payload = Y.encodeStateAsUpdate(mette.page());
    await mette.log.addPending(batch, { document, kind: "snapshot", payload, covered, blobs: [], clientIds: [] }, 1);
    await batch.commit(mette.log.store);
    const [his] = await mette.freezeAll();
    if (his === undefined) throw new Error("nothing frozen");

    const third = await Member.create(seed);
    await third.knows(alma, mette);
    await third.take(at(1, his), at(2, hers));
    expect((await third.log.row("snapshot", document, his.opId))?.problem).toBe("foreign-client");
    const read = new Y.Doc();
    for (const update of await third.log.updates(document)) Y.applyUpdate(read, update);
    expect(read.getText("t").toString()).toBe("af Alma");
  });

  it("a member who claims another's Yjs client id before its owner wins nothing, whoever hears of it first", async () => {
    const { alma, mette, seed } = await two();
    const noah = await (await Member.create(seed)).knows(alma, mette);
    const document = randomId<DocumentTag>();
    const doc = alma.page(7);
    doc.getText("t").insert(0, "af Alma");
    // Alma's own is kept on her device, and not yet sent, when the member's comes to everybody.
    await alma.write(document, "update", Y.encodeStateAsUpdate(doc));
    const [hers] = await alma.freezeAll();
    const claim = alma.page(7);
    claim.getText("t").insert(0, "forfalsket");
    await mette.write(document, "update", Y.encodeStateAsUpdate(claim));
    const [his] = await mette.freezeAll();
    if (hers === undefined || his === undefined) throw new Error("nothing frozen");
    for (const { log, take } of [alma, noah].map((one) => ({ log: one.log, take: one.take.bind(one) }))) {
      await take(at(1, his), at(2, hers));
      const read = new Y.Doc();
      for (const update of await log.updates(document)) Y.applyUpdate(read, update);
      expect(read.getText("t").toString()).toBe("af Alma");
      expect((await log.rows(document)).map(({ problem }) => problem)).toEqual(["foreign-client", null]);
      expect(await log.isWhole(document)).toBe(false);
    }
  });

  it("where an owner gave two members ids that begin alike, a Yjs client id is whose it was first", async () => {
    const { alma, mette } = await two();
    const batch = new Batch();
    const ids = [alma, mette].map(({ author }, at) => [toHex(author.publicKey), `aa${at}`] as const);
    alma.log.putState(batch, { ...(await alma.log.state()), members: Object.fromEntries(ids) });
    await batch.commit(alma.log.store);
    const document = randomId<DocumentTag>();
    const said = async (member: Member, text: string) => {
      const doc = new Y.Doc();
      doc.clientID = 0xaa_00_00_01;
      doc.getText("t").insert(0, text);
      await member.write(document, "update", Y.encodeStateAsUpdate(doc));
      const [op] = await member.freezeAll();
      if (op === undefined) throw new Error("nothing frozen");
      return op;
    };
    await alma.take(at(1, await said(alma, "af Alma")), at(2, await said(mette, "forfalsket")));
    expect((await alma.log.rows(document)).map(({ problem }) => problem)).toEqual([null, "foreign-client"]);
  });

  it("leaves nothing of a purged document, and ignores what still comes of it", async () => {
    const { alma, mette } = await two();
    const op = await alma.say("tag det tilbage");
    await mette.take(at(1, op));
    const purge = async () => {
      const batch = new Batch();
      const places = await mette.log.removeDocument(batch, op.document);
      await batch.commit(mette.log.store);
      return places;
    };
    const places = await purge();
    expect(places).toHaveLength(1);
    expect(await purge()).toEqual(places);
    await mette.take(at(1, op));
    await alma.write(op.document, "said", new TextEncoder().encode("mere af det samme"));
    const [more] = await alma.freezeAll();
    if (more === undefined) throw new Error("nothing frozen");
    await mette.take(at(2, more));
    expect(await mette.log.said()).toEqual([]);
    // Its chain went on all the same.
    await mette.take(at(3, await alma.say("noget andet")));
    expect(await mette.heard()).toEqual(["noget andet"]);
    expect((await mette.log.state()).problem).toBeNull();
  });
});

describe("freezing", () => {
  it("waits for blobs, with everything after them of the same document, and for a held outbox", async () => {
    const { alma } = await two();
    const document = randomId<DocumentTag>();
    const blob = randomId<BlobId>();
    const batch = new Batch();
    alma.blobs.put(batch, { space, document, blob }, createVaultKey() as never, new Uint8Array(10));
    await batch.commit(alma.log.store);
    await alma.write(document, "said", Uint8Array.of(1), [blob]);
    await alma.write(document, "said", Uint8Array.of(2));
    await alma.write(randomId<DocumentTag>(), "said", Uint8Array.of(3));
    const frozen = await freeze(alma.log, alma.blobs, 100, Date.now());
    expect(frozen.ops).toHaveLength(1);
    expect(frozen.waitingForBlobs).toBe(2);

    const held = new Batch();
    alma.log.putState(held, { ...(await alma.log.state()), held: true });
    await held.commit(alma.log.store);
    await alma.write(randomId<DocumentTag>(), "said", Uint8Array.of(4));
    expect(await freeze(alma.log, alma.blobs, 100, Date.now())).toEqual({ ops: [], left: 0, waitingForBlobs: 0 });
  });

  it("merges updates while they are pending and never after", async () => {
    const { alma } = await two();
    const document = randomId<DocumentTag>();
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array) => updates.push(update));
    for (const letter of "abc") doc.getText("t").insert(doc.getText("t").length, letter);
    for (const update of updates) await alma.write(document, "update", update);
    expect(await alma.log.outbox.pendingOf(space, document)).toHaveLength(1);
    expect(await alma.freezeAll()).toHaveLength(1);
    doc.getText("t").insert(3, "d");
    await alma.write(document, "update", updates.at(-1) ?? new Uint8Array());
    expect(await alma.log.outbox.pendingOf(space, document)).toHaveLength(1);
    expect(await alma.freezeAll()).toHaveLength(1);
    const read = new Y.Doc();
    for (const update of await alma.log.updates(document)) Y.applyUpdate(read, update);
    expect(read.getText("t").toString()).toBe("abcd");
  });
});

/** Checkpoints one after the other, each signed by the key that the one before names, the first two by the first key. */
describe("a circle's checkpoint record", () => {
  const controls = async (named: "by the owner" | "by somebody") => {
    const [owner, somebody] = [createOwnerKeys(), createOwnerKeys()];
    const keys = [createAuthorKeys(), createAuthorKeys(), createAuthorKeys()] as const;
    const seed = createOwnSeed();
    const alma = await Member.create(seed, keys[2], { ownerPublic: owner.publicKey });
    const { contentKey } = deriveLadder({ right: "own", seed, space, epoch: 1 });
    // She came later: of the owner's keys she knows the first, from the genesis, and her own of today.
    const batch = new Batch();
    const authors = [keys[0].publicKey, keys[2].publicKey];
    alma.log.putState(batch, { ...(await alma.log.state()), authors });
    await batch.commit(alma.log.store);
    let previous: Hash32 | null = null;
    const seal = (number: number, member: AuthorKeyPair, signer: AuthorKeyPair): OuterRecord => {
      const members = [{ author: member.publicKey, role: "owner", memberId: randomId<MemberId>() }] as const;
      const fields = { space, epoch: 1, number, previous: NO_PREVIOUS, owner: owner.publicKey, members, frontier: [] };
      const privateKey = number === 1 && named === "by somebody" ? somebody.privateKey : owner.privateKey;
      const made = sealCheckpoint(signCheckpoint(fields, privateKey), previous, signer.privateKey, contentKey);
      previous = made.head.hash;
      return made.record;
    };
    const records = [seal(0, keys[0], keys[0]), seal(1, keys[1], keys[0]), seal(2, keys[2], keys[1])];
    const late = seal(3, keys[2], keys[1]);
    return { alma, records: records.map((record, i) => at(i + 1, record)), late: at(4, late) };
  };
  const problems = async ({ log }: Member) =>
    (await log.allRows()).toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0)).map(({ problem }) => problem);

  it("may be signed with a key that only the one before names, and that one record only", async () => {
    const { alma, records, late } = await controls("by the owner");
    await alma.take(...records);
    expect(await problems(alma)).toEqual([null, null, null]);
    await alma.take(late);
    expect(await problems(alma)).toEqual([null, null, null, "unknown-author"]);
  });

  it("is named nobody by a checkpoint that the owner didn't sign", async () => {
    const { alma, records } = await controls("by somebody");
    await alma.take(...records);
    expect(await problems(alma)).toEqual([null, null, "unknown-author"]);
  });
});

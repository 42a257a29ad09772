/** Updates made to hurt: the real decode worker in a thread, under its deadline; the rest goes on. */
import { Worker as Thread } from "node:worker_threads";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { hasSaneClocks, MAX_DEPTH, mayApply } from "../../../client/documents/probe.ts";
import {
  createDecoder,
  DEADLINE_MS,
  type DecodeAnswer,
  type DecodeQuestion,
  type Decoder,
  type DecodeWorker,
} from "../../../client/vault/decoder.ts";
import { Vetting } from "../../../client/vault/vetting.ts";
import { randomId } from "../../../crypto/ids.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { at, space, two } from "./member.ts";

beforeAll(ready);

const clock = {
  now: () => Date.now(),
  after: (ms: number, call: () => void) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

let started = 0;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function startThread(): DecodeWorker {
  started++;
  const thread = new Thread(new URL("decode-in-node.mjs", import.meta.url));
  const worker: DecodeWorker = {
    onmessage: null,
    onerror: null,
    postMessage: (question: DecodeQuestion) => thread.postMessage(question),
    terminate: () => void thread.terminate(),
  };
  thread.on("message", (data: DecodeAnswer) => worker.onmessage?.({ data } as MessageEvent<DecodeAnswer>));
  thread.on("error", () => worker.onerror?.({} as ErrorEvent));
  return worker;
}

function decoderWith(deadlineMs: number) {
  const decoder = createDecoder(startThread, clock, deadlineMs);
  ends.push(decoder.stop);
  return decoder;
}

const letters = (text: string, client: number): Uint8Array => {
  const doc = new Y.Doc();
  doc.clientID = client;
  doc.getText("t").insert(0, text);
  return Y.encodeStateAsUpdate(doc);
};

/**
 * Thousands of clients that all write at the same place, each after the one before: Yjs looks at each against all before.
 * A struct: its kind (4: a string; 128: after another), what it follows or the root it stands in, its text.
 */
function slow(): Uint8Array {
  const clients = 24_000;
  const structs: number[] = [...varUint(clients)];
  for (let client = clients; client > 0; client--) {
    const after = client > 1 ? [132, ...varUint(client - 1), 1] : [4, 1, 1, 109];
    structs.push(2, ...varUint(client), 0, ...after, 1, 120, 4, 1, 1, 116, 1, 120);
  }
  return Uint8Array.from([...structs, 0]);
}

/** A joint page in paragraphs, each letter a record, now and then one in the middle or one taken away. */
function writtenByThree(letters: number): readonly Uint8Array[] {
  const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
  const updates: Uint8Array[] = [];
  for (const doc of docs) {
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === "net") return;
      updates.push(update);
      for (const other of docs) if (other !== doc) Y.applyUpdate(other, update, "net");
    });
  }
  for (let at = 0; at < letters; at++) {
    const doc = docs[at % 3] as Y.Doc;
    doc.transact(() => {
      const page = doc.getXmlFragment("text");
      if (at % 200 === 0) page.insert(page.length, [new Y.XmlElement("paragraph")]);
      const paragraph = page.get(page.length - 1) as Y.XmlElement;
      if (paragraph.length === 0) paragraph.insert(0, [new Y.XmlText()]);
      const text = paragraph.get(0) as Y.XmlText;
      text.insert(at % 7 === 0 ? text.length >> 1 : text.length, "a");
      if (at % 9 === 0) text.delete(0, 1);
    });
  }
  return updates;
}

function varUint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function deep(levels: number, doc = new Y.Doc()): Uint8Array {
  doc.transact(() => {
    let inner = new Y.XmlElement("blockquote");
    doc.getXmlFragment("text").insert(0, [inner]);
    for (let level = 1; level < levels; level++) {
      const next = new Y.XmlElement("blockquote");
      inner.insert(0, [next]);
      inner = next;
    }
  });
  return Y.encodeStateAsUpdate(doc);
}

/** One client's structs begin at a clock that nobody reaches by writing. */
const hugeClock = (): Uint8Array => Uint8Array.from([1, 1, 7, ...varUint(2 ** 40), 4, 1, 1, 116, 1, 120, 0]);

describe("what may be applied", () => {
  it("is what a person writes, also with quotes in quotes, and nothing malformed, too deep or beyond every clock", () => {
    expect(mayApply([], [letters("hej", 1), letters("også", 2), deep(MAX_DEPTH - 1)])).toBe(true);
    expect(mayApply([], [deep(MAX_DEPTH)])).toBe(false);
    expect(mayApply([], [deep(5_000)])).toBe(false);
    expect(mayApply([], [hugeClock()])).toBe(false);
    expect(hasSaneClocks(hugeClock())).toBe(false);
    expect(mayApply([], [Uint8Array.of(9, 9, 9)])).toBe(false);
  });

  it("of a lawful page however large is decided in a quarter of the deadline, as a device four times as slow would need it", () => {
    const updates = writtenByThree(30_000);
    const times = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage();
      expect(mayApply([], updates)).toBe(true);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(DEADLINE_MS / 4);
  });

  it("of thousands of changed bytes is decided, each in time", () => {
    const honest = [letters("et længere stykke tekst med æøå", 1), deep(8)];
    let refused = 0;
    for (let round = 0; round < 4_000; round++) {
      const bytes = (honest[round % 2] as Uint8Array).slice();
      for (let change = 0; change <= round % 3; change++)
        bytes[(round * 31 + change * 7) % bytes.length] = (round * 17) % 256;
      if (!mayApply([], [bytes])) refused++;
    }
    expect(refused).toBeGreaterThan(100);
  });
});

describe("the decoder", () => {
  it("finds the poison among honest updates, and starts a new worker for the rest", async () => {
    started = 0;
    const suspects = [letters("et", 1), letters("to", 2), slow(), letters("tre", 3), Uint8Array.of(1, 2)];
    expect(await decoderWith(300).sift([], suspects)).toEqual([true, true, false, true, false]);
    expect(started).toBeGreaterThan(1);
  });

  it("asks once for what is all honest", async () => {
    started = 0;
    const decoder = decoderWith(5_000);
    expect(await decoder.sift([], [letters("et", 1), letters("to", 2)])).toEqual([true, true]);
    expect(await decoder.sift([letters("et", 1)], [letters("tre", 3)])).toEqual([true]);
    expect(started).toBe(1);
  });

  it("condemns nothing when it can't be started", async () => {
    const broken: DecodeWorker = {
      onmessage: null,
      onerror: null,
      postMessage: () => undefined,
      terminate: () => undefined,
    };
    const decoder = createDecoder(() => {
      setTimeout(() => broken.onerror?.({} as ErrorEvent), 1);
      return broken;
    }, clock);
    await expect(decoder.sift([], [letters("et", 1)])).rejects.toMatchObject({ code: "failed" });
  });
});

describe("a joint page with poison in it", () => {
  it("opens with all the rest; the poison is kept, told, and asked about once only", async () => {
    const { alma, mette } = await two();
    const document = randomId<DocumentTag>();
    await alma.write(document, "update", letters("af Alma", alma.client(11)));
    const [first] = await alma.freezeAll();
    await mette.write(document, "update", deep(500, mette.page()));
    const [poison] = await mette.freezeAll();
    await mette.write(document, "update", letters("af Mette", mette.client(12)));
    const [last] = await mette.freezeAll();
    if (first === undefined || poison === undefined || last === undefined) throw new Error("nothing frozen");
    await alma.take(at(1, first), at(2, poison), at(3, last));

    let asked = 0;
    const decoder = decoderWith(5_000);
    const sift: Decoder["sift"] = (base, suspects) => {
      asked++;
      return decoder.sift(base, suspects);
    };
    const vetting = new Vetting({ ...decoder, sift });
    const updates = await vetting.load(alma.log, document);
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, update);
    expect(doc.getText("t").toString()).toMatch(/^(af Almaaf Mette|af Metteaf Alma)$/);
    expect(doc.getXmlFragment("text").length).toBe(0);
    expect((await alma.log.rows(document)).map(({ problem }) => problem)).toEqual([null, "poison", null]);
    expect((await alma.log.state()).problem).toBe("quarantined");
    expect(await vetting.load(alma.log, document)).toHaveLength(2);
    expect(asked).toBe(1);
    expect(alma.log.space).toBe(space);
  });

  it("shows what comes live only after it was looked at", async () => {
    const { alma, mette } = await two();
    const document = randomId<DocumentTag>();
    const vetting = new Vetting(decoderWith(5_000));
    await mette.write(document, "update", deep(500, mette.page()));
    const [poison] = await mette.freezeAll();
    await mette.write(document, "update", letters("af Mette", mette.client(12)));
    const [fine] = await mette.freezeAll();
    if (poison === undefined || fine === undefined) throw new Error("nothing frozen");
    const { updates } = await alma.take(at(1, poison), at(2, fine));
    expect(updates).toHaveLength(2);
    expect((await vetting.sift(alma.log, document, updates)).map(({ opId }) => opId)).toEqual([fine.opId]);
  });
});

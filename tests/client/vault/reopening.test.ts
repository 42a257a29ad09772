/** A server that is restored twice, without its journal: all that `connectPocket` puts together, and a model server. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appendText } from "../../../client/documents/entry.ts";
import { plainToRichText } from "../../../client/documents/rich-text.ts";
import { createDocument, removeDocument } from "../../../client/vault/own-documents.ts";
import { ready } from "../../../crypto/sodium.ts";
import type { ClientFrame, DocumentTag, SpaceId } from "../../../protocol/frames.ts";
import { MemoryServer } from "../../simulation/memory-server.ts";
import { WholeDevice } from "../../simulation/whole-device.ts";
import { World } from "../../simulation/world.ts";

beforeAll(ready);

let world: World;
let server: MemoryServer;
let device: WholeDevice;
let pocket: SpaceId;
let gone: DocumentTag;
/** What each incarnation was asked of the pocket, in order; and what becomes of it. */
const asked: { readonly of: string; readonly type: string }[] = [];
let passes: (frame: ClientFrame) => boolean;

beforeEach(async () => {
  world = new World(1);
  server = new MemoryServer(world);
  server.checkProof = () => true;
  passes = () => true;
  asked.length = 0;
  const connect = server.connect.bind(server);
  server.connect = (caller, send, close) => {
    const session = connect(caller, send, close);
    const receive: typeof session.receive = (frame) => {
      if ("space" in frame && frame.space === pocket) asked.push({ of: server.incarnation, type: frame.type });
      if (passes(frame)) session.receive(frame);
    };
    return { ...session, receive };
  };
  device = new WholeDevice(world, server, await WholeDevice.make("Alma", "child"));
  await world.until(device.boot());
  pocket = device.pocket.keyring.me.pocket;
  await world.run(5_000);
  gone = await world.until(createDocument(device.pocket, "entry", (doc) => appendText(doc, plainToRichText("Foer"))));
  await world.run(10_000);
  server.backUp();
  await world.until(removeDocument(device.pocket, gone, device.beyond.removing(gone)));
  device.beyond.removed(gone);
  await world.run(10_000);
  expect(isReadable()).toBe(false);
});

afterEach(() => device.off());

const isReadable = (): boolean => server.spaces.get(pocket)?.records.some(({ document }) => document === gone) ?? false;
const state = () => device.pocket.log(pocket).state();
const restore = async (ms: number): Promise<void> => {
  server.restore(false);
  expect(isReadable()).toBe(true);
  await world.run(ms);
};

describe("what a restored server is told again", () => {
  it("is told once more to the next one, before that is said to be whole", async () => {
    passes = ({ type }) => type !== "reopen";
    await restore(20_000);
    expect(isReadable()).toBe(false);
    expect(asked.filter(({ of, type }) => of === server.incarnation && type === "reopen")).toHaveLength(1);
    passes = () => true;
    await restore(60_000);
    expect(isReadable()).toBe(false);
    const here = asked.flatMap(({ of, type }) => (of === server.incarnation ? [type] : []));
    expect(here.filter((type) => type === "deleteDocument" || type === "reopen")).toEqual(["deleteDocument", "reopen"]);
    expect((await state()).reopening).toBe(false);
  });

  it("is told once more also where the first of them still waited for what was to be sent", async () => {
    // What was lost gets no further than this.
    passes = ({ type }) => type !== "append";
    await restore(20_000);
    expect(isReadable()).toBe(false);
    expect((await state()).reopening).toBe(true);
    passes = () => true;
    await restore(60_000);
    expect(isReadable()).toBe(false);
    expect((await state()).reopening).toBe(false);
    const here = asked.flatMap(({ of, type }) => (of === server.incarnation ? [type] : []));
    expect(here.filter((type) => type === "reopen")).toHaveLength(1);
    expect(here.indexOf("deleteDocument")).toBeLessThan(here.indexOf("reopen"));
  });

  it("is told once more also to one that goes back again and doesn't say so", async () => {
    await world.until(createDocument(device.pocket, "entry", (doc) => appendText(doc, plainToRichText("Efter"))));
    await world.run(10_000);
    let appends = 0;
    passes = ({ type }) => type !== "append" || appends++ === 0;
    await restore(20_000);
    expect(isReadable()).toBe(false);
    const { incarnation } = server;
    passes = () => true;
    server.restore(false);
    server.incarnation = incarnation;
    expect(isReadable()).toBe(true);
    await world.run(60_000);
    expect(isReadable()).toBe(false);
    expect((await state()).reopening).toBe(false);
  });
});

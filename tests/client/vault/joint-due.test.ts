/** Pages written together that came from the other: they stand in the list, whatever came in between. */

import { afterEach, beforeEach, expect, it } from "vitest";
import * as Y from "yjs";
import { textOf } from "../../../client/documents/entry.ts";
import { beginJointPage } from "../../../client/documents/joint.ts";
import { appendRichText, plainToRichText } from "../../../client/documents/rich-text.ts";
import type { PocketId } from "../../../client/vault/api.ts";
import { Batch } from "../../../client/vault/batch.ts";
import { createCircleSpaces } from "../../../client/vault/circle-spaces.ts";
import { listJointRows } from "../../../client/vault/joint-pages.ts";
import type { Syncing } from "../../../client/vault/keeper.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { receive } from "../../../client/vault/receive.ts";
import { createAuthorKeys, createOwnerKeys } from "../../../crypto/identity.ts";
import { randomId } from "../../../crypto/ids.ts";
import { createOwnSeed } from "../../../crypto/ladder.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { at, Member, space } from "./member.ts";
import { noNet } from "./no-net.ts";

let device: Device;
let pocket: Pocket;
let id: PocketId;
let mette: Member;
/** Of these the next reading fails. */
const unreadable = new Set<DocumentTag>();

beforeEach(async () => {
  device = await Device.create();
  connectOver(device, noNet, {
    opened: (opened) => {
      pocket = opened;
      const read = opened.documents.read.bind(opened.documents);
      opened.documents.read = async (...about) => {
        if (unreadable.delete(about[1])) throw new Error("no decoder");
        return read(...about);
      };
    },
  });
  const seed = createOwnSeed();
  mette = await Member.create(seed);
  const author = createAuthorKeys();
  id = await device.start().createPocket(CHILD);
  await pocket.keyring.keep({
    space,
    kind: "circle",
    right: "own",
    epochs: [{ epoch: 1, seed }],
    author,
    ownerPublic: createOwnerKeys().publicKey,
    ownerPrivate: null,
    creation: null,
    created: true,
  });
  await pocket.store.exclusive(async () => {
    const log = pocket.log(space);
    const batch = new Batch();
    log.putState(batch, { ...(await log.state()), authors: [author.publicKey, mette.author.publicKey] });
    await batch.commit(pocket.store);
  });
});

afterEach(async () => {
  for (const stop of device.stops.splice(0)) await stop();
});

/** Pages of Mette's arrive and are kept, and nothing more happens. */
async function arrive(...titles: readonly string[]): Promise<readonly DocumentTag[]> {
  const documents = titles.map(() => randomId<DocumentTag>());
  for (const [n, document] of documents.entries()) {
    const doc = mette.page();
    beginJointPage(doc, titles[n] ?? "", Date.now());
    appendRichText(textOf(doc), plainToRichText(`Ord paa ${titles[n]}`));
    await mette.write(document, "update", Y.encodeStateAsUpdate(doc));
  }
  const records = (await mette.freezeAll()).map((record, n) => at(n + 1, record));
  const through = { seq: records.length, incarnation: "0".repeat(32) };
  const { updates } = await pocket.store.exclusive(() => receive(pocket.log(space), { records, through }));
  expect(updates).toHaveLength(titles.length);
  expect(await listJointRows(pocket.store)).toEqual([]);
  return documents;
}

const titles = async () => (await listJointRows(pocket.store)).map(({ title }) => title).toSorted();

it("are listed at the next start where the power went in between; one that can't be read then comes later", async () => {
  const [first] = await arrive("En", "To");
  if (first === undefined) throw new Error("no page");
  for (const stop of device.stops.splice(0)) await stop();
  unreadable.add(first);
  await device.start().unlock(id, PICTURES);
  await until(async () => (await titles()).length > 0, 5_000);
  expect(await titles()).toEqual(["To"]);
  await until(async () => (await titles()).length === 2, 8_000);
  for (const { byMe } of await listJointRows(pocket.store)) expect(byMe).toBe(false);
  expect((await pocket.log(space).state()).summariesDue).toBeUndefined();
}, 20_000);

it("stay with the child that leaves before they were listed", async () => {
  const documents = await arrive("Vores side");
  const syncing = { removeSpace: () => undefined } as unknown as Syncing;
  const spaces = createCircleSpaces({ pocket, syncing, recordsChanged: () => undefined });
  await spaces.forgetSpace(space, { together: "Mette", met: 0 });
  const kept = [...pocket.pages.fromNewest()].map(({ title }) => title);
  expect(kept).toEqual(["Vores side"]);
  for (const document of documents) expect(await pocket.log(space).records(document)).toEqual([]);
});

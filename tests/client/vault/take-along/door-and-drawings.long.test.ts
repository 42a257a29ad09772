/** What waits at the door, and drawings that were begun: in the archive and the book, and back again. With the real vault. */
import { afterEach, expect, test } from "vitest";
import { addStroke, beginDrawing, type DrawingId } from "../../../../client/documents/drawing.ts";
import { readFrom, setTitle } from "../../../../client/documents/entry.ts";
import type { DocumentTag } from "../../../../crypto/types.ts";
import { Device, PICTURES } from "../device.ts";
import { Child, contentOf, jpeg, unpack } from "./archives.ts";

const children: Child[] = [];
const comes = async (): Promise<Child> => {
  const child = await Child.create(await Device.create());
  children.push(child);
  return child;
};
afterEach(async () => {
  for (const { pocket } of children.splice(0)) await pocket.close();
});

const picture = (seed: number) => new Blob([jpeg(640, 480, seed) as Uint8Array<ArrayBuffer>]);

async function withTwoAtTheDoor(): Promise<Child> {
  const alma = await comes();
  await alma.vault.setDoor(true);
  const [cover] = await alma.vault.covers();
  const outside = alma.device.start();
  const pocket = cover?.id ?? ("" as never);
  await outside.leaveAtDoor(pocket, { from: "Mor", text: "Første dag\n\n  i skolen ", photo: picture(3) });
  await outside.leaveAtDoor(pocket, { from: "", text: "Kun ord", photo: null });
  return alma;
}

const atDoor = async ({ vault }: Child) =>
  Promise.all(
    (await vault.doorItems())
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(async ({ photo, ...item }) => ({
        ...item,
        photo: photo === null ? null : Buffer.from(await (await vault.readBlob(photo)).arrayBuffer()).toString("hex"),
      })),
  );

const htmlOf = async (file: Blob): Promise<string> =>
  [...(await unpack(file))]
    .filter(([name]) => name.startsWith("read/"))
    .map(([, bytes]) => new TextDecoder().decode(bytes))
    .join("\n");

test("what waits at the door is carried, and lies at the other door as it was, once", async () => {
  const alma = await withTwoAtTheDoor();
  const left = await atDoor(alma);
  const first = await alma.takeAlong();
  expect(first.made).toMatchObject({ documents: 2, photos: 1, missing: 0, damaged: 0, total: 2 });
  const html = await htmlOf(first.file);
  expect(html.split("Ved døren")).toHaveLength(3);
  for (const words of ["Fra: Mor", "Første dag", "Kun ord", ".jpg"]) expect(html).toContain(words);

  const later = await comes();
  expect(await later.bringIn(first.file)).toEqual({ kind: "lomme", documents: 2, known: 0, left: 0, damaged: 0 });
  expect(await later.vault.timeline("entry")).toEqual([]);
  expect(await atDoor(later)).toEqual(left);
  expect(await later.bringIn(first.file)).toMatchObject({ documents: 0, known: 2 });
  expect(await contentOf((await later.takeAlong()).file)).toEqual(await contentOf(first.file));

  // Taken in where it came from: it is an entry in the next file, and there it ends what still waits.
  const [, withPhoto] = left.toSorted((a, b) => (a.photo === null ? 0 : 1) - (b.photo === null ? 0 : 1));
  const entry = await alma.vault.acceptDoorItem(withPhoto?.id ?? "");
  await alma.write(entry, (doc) => setTitle(doc, "Den dag"));
  const second = await alma.takeAlong();
  expect(await later.bringIn(second.file)).toMatchObject({ documents: 1, known: 1 });
  expect((await atDoor(later)).map(({ text }) => text)).toEqual(["Kun ord"]);
  expect(await later.vault.timeline("entry")).toMatchObject([{ title: "Den dag", photos: 1 }]);
  // The older file has it as waiting, and it is here: it doesn't come to the door again.
  expect(await later.bringIn(first.file)).toMatchObject({ documents: 0, known: 2 });
  expect(await alma.bringIn(first.file)).toMatchObject({ documents: 0, known: 2 });
  expect(await atDoor(later)).toHaveLength(1);
}, 60_000);

test("where the door is full it comes in as an entry that says whom it is from; nothing is lost", async () => {
  const alma = await withTwoAtTheDoor();
  await alma.vault.doorItems();
  const { file } = await alma.takeAlong();
  const later = await comes();
  await later.vault.setDoor(true);
  const [cover] = await later.vault.covers();
  for (let at = 0; at < 20; at++) {
    await later.device.start().leaveAtDoor(cover?.id ?? ("" as never), { from: "Bo", text: `nr. ${at}`, photo: null });
  }
  expect(await later.bringIn(file)).toMatchObject({ documents: 2, damaged: 0, left: 0 });
  expect(await later.vault.doorItems()).toHaveLength(20);
  const space = later.pocket.keyring.me.pocket;
  const came = await later.vault.timeline("entry");
  expect(came.map(({ excerpt }) => excerpt).toSorted()).toEqual(["Første dag i skolen", "Kun ord"]);
  const from = await Promise.all(came.map(({ document }) => later.pocket.documents.read(space, document, readFrom)));
  expect(from.toSorted()).toEqual(["", "Mor"]);
}, 60_000);

test("a drawing that was begun stands in the pages and in the book, with its lines, and is said to be unfinished", async () => {
  const alma = await comes();
  const document: DocumentTag = await alma.vault.createDocument("entry");
  const photo = await alma.vault.addPhoto(document, picture(5));
  await alma.write(document, (doc) => {
    const line = { colour: 2, size: 0.01, points: [0.25, 0.5].map((x) => ({ x, y: 0.5, pressure: 1 })) };
    const [begun, empty] = ["a", "b"].map((digit) => digit.repeat(32) as DrawingId);
    if (begun === undefined || empty === undefined) return;
    beginDrawing(doc, begun, { over: photo.full.blob, height: 0.75 });
    addStroke(doc, begun, line);
    beginDrawing(doc, empty, { over: null, height: 1 });
  });
  const { file } = await alma.takeAlong();
  const html = await htmlOf(file);
  expect(html).toContain('<polyline points="250,500 500,500" stroke="#b5432e" stroke-width="10"/>');
  expect(html).toMatch(/<image href="..\/media\/[0-9a-f]{32}\/1.jpg" width="1000" height="750"\/>/);
  expect(html).toContain("Ikke færdig");
  await alma.vault.confirmCode(PICTURES);
  const wanted = { pinnedOnly: false, withPutAway: false, withWishes: true, withTogether: true };
  expect((await alma.vault.book(wanted)).map(({ drawings }) => drawings.length)).toEqual([1]);
}, 30_000);

/** What others wrote comes along: pages written together, and what another child showed. Over a real server. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readFrom, readMoods, readPhotos, readTitle, setTitle, textOf } from "../../../../client/documents/entry.ts";
import { readTogether } from "../../../../client/documents/from-others.ts";
import { readPlainText } from "../../../../client/documents/rich-text.ts";
import { readShownBefore } from "../../../../client/documents/taken-along.ts";
import type { PersonId, VaultApi } from "../../../../client/vault/api.ts";
import { until } from "../device.ts";
import { openPage, type } from "../page.ts";
import { endWorld, pages, person, startWorld, write } from "../several.ts";
import { Child, contentOf, drawSmall, jpeg, takeAlong, unpack } from "./archives.ts";

const SOON = 20_000;

beforeAll(() => startWorld());
afterAll(() => endWorld());

const called = async (vault: VaultApi, name: string): Promise<PersonId | null> => {
  const other = (await vault.people()).find((one) => one.name === name);
  if (other?.state === "compare") await vault.confirmPictures(other.id, true);
  return other?.state === "paired" && other.circle !== null ? other.id : null;
};

async function meet(inviter: VaultApi, joiner: VaultApi, joinersName: string, invitersName: string) {
  const { payload } = await inviter.invite();
  await joiner.join(payload, "scan");
  const [known] = await Promise.all([
    until(() => called(inviter, joinersName), SOON),
    until(() => called(joiner, invitersName), SOON),
  ]);
  return known;
}

test("a page written together and what a friend showed: carried, brought in with whom they are from, once", async () => {
  const alma = await person("child", "Alma", { draw: drawSmall });
  const mette = await person("caseworker", "Mette");
  const noah = await person("child", "Noah", { draw: drawSmall });
  const metteAtAlma = await meet(alma.vault, mette.vault, "Mette", "Alma");
  const almaAtNoah = await meet(noah.vault, alma.vault, "Alma", "Noah");

  const own = await write(alma.vault, "Kun min");
  const joint = await alma.vault.startJoint(metteAtAlma, "Til mødet");
  const page = await openPage(alma.vault, joint);
  pages.push(page);
  type(page, "Jeg vil tale om skolen");
  await until(async () => (await mette.vault.jointPages()).length === 1, SOON);
  // What no Lomme writes into such a page: none of it counts.
  const planted = await openPage(mette.vault, joint);
  pages.push(planted);
  planted.doc.transact(() => {
    const about = planted.doc.getMap("about");
    for (const [key, value] of Object.entries({ from: "Mor", kind: "life", binnedAt: 1, source: "0".repeat(32) })) {
      about.set(key, value);
    }
    about.set("createdAt", 1e300);
    planted.doc.getArray("moods").push(["angry"]);
    planted.doc.getArray("before").push([{ to: "Mor", at: "2026-01-01T00:00:00Z", takenBack: false, answers: [] }]);
  });
  await until(() => page.doc.getMap("about").get("from") === "Mor", SOON);

  const story = await write(noah.vault, "Vi byggede en hule");
  const photo = await noah.vault.addPhoto(story, new Blob([jpeg(800, 600, 3) as Uint8Array<ArrayBuffer>]));
  const options = { notSafeForParents: false, withMoods: true, photos: [photo.full.blob] };
  const share = await noah.vault.show(story, almaAtNoah, options);
  const gone = await noah.vault.show(await write(noah.vault, "Ikke alligevel"), almaAtNoah, { ...options, photos: [] });
  await until(async () => (await alma.vault.received()).length === 2, SOON);
  await alma.vault.answer(share, "Må jeg komme med?");
  const both = await takeAlong(alma.vault);
  expect(both.made).toMatchObject({ documents: 4, photos: 1, missing: 0, damaged: 0, total: 4 });
  expect(new Set(Object.keys(await contentOf(both.file)).filter((name) => name.startsWith("entries/")))).toEqual(
    new Set([own, joint, share, gone].map((id) => `entries/${id}.json`)),
  );
  const read = [...(await unpack(both.file))].filter(([name]) => name.startsWith("read/"));
  const html = read.map(([, bytes]) => new TextDecoder().decode(bytes)).join("\n");
  for (const words of [
    "Skrevet med: Mette",
    "Jeg vil tale om skolen",
    "Fra: Noah",
    "Vi byggede en hule",
    "Må jeg komme med?",
  ])
    expect(html).toContain(words);

  // The book has the page that both wrote, unless it isn't wanted; what a friend showed stays between the two.
  const wanted = { pinnedOnly: false, withPutAway: false, withWishes: true, withTogether: true };
  const book = await alma.vault.book(wanted);
  expect(book.map(({ title, together, from }) => ({ title, together, from }))).toEqual([
    // The time that Mette planted says nothing: it is of the day they met, and stands first.
    { title: "Til mødet", together: "Mette", from: null },
    { title: "", together: null, from: null },
  ]);
  expect(book[0]?.text).toEqual([{ type: "paragraph", runs: [{ text: "Jeg vil tale om skolen" }] }]);
  expect(await alma.vault.book({ ...wanted, withTogether: false })).toHaveLength(1);
  expect(await alma.vault.book({ ...wanted, from: 8e15 })).toEqual([]);

  // Where they stand in a circle they don't come in a second time; and what was taken back stays taken back.
  await noah.vault.takeBack(gone);
  await until(async () => (await alma.vault.received()).length === 1, SOON);
  expect(await alma.vault.bringIn(both.file, null)).toMatchObject({ documents: 0, known: 4 });
  expect((await alma.vault.timeline("entry")).map(({ excerpt }) => excerpt)).toEqual(["Kun min"]);

  // A wish comes along with what was answered to it, though the circle in which it was said doesn't.
  const wish = await alma.vault.createDocument("wish");
  const wished = await openPage(alma.vault, wish);
  pages.push(wished);
  setTitle(wished.doc, "Se min lillebror");
  await until(async () => (await alma.vault.timeline("wish")).length === 1);
  await alma.vault.show(wish, metteAtAlma, { ...options, photos: [] });
  const asked = await until(async () => (await mette.vault.received())[0], SOON);
  await mette.vault.answer(asked.id, "Jeg har læst det.", "heard");
  await mette.vault.answer(asked.id, "Nej, fordi han bor langt væk lige nu.", "declined");
  await until(async () => (await alma.vault.shares(wish))[0]?.answers.length === 2, SOON);

  const first = await takeAlong(alma.vault);
  expect(first.made.documents).toBe(4);
  const later = await Child.create();
  expect(await later.bringIn(first.file)).toEqual({ kind: "lomme", documents: 4, known: 0, left: 0, damaged: 0 });
  const space = later.pocket.keyring.me.pocket;
  const [there] = await later.vault.timeline("wish");
  const history = await later.pocket.documents.read(space, there?.document ?? wish, readShownBefore);
  expect(history).toMatchObject([
    {
      to: "Mette",
      takenBack: false,
      answers: [
        { from: "Mette", wish: "heard" },
        { from: "Mette", wish: "declined" },
      ],
    },
  ]);
  const none = { from: null, together: null, title: "", photos: 0, moods: [], before: 0 };
  const found = await Promise.all(
    (await later.vault.timeline("entry")).map(({ document }) =>
      later.pocket.documents.read(space, document, (doc) => ({
        from: readFrom(doc),
        together: readTogether(doc),
        title: readTitle(doc),
        text: readPlainText(textOf(doc)),
        moods: readMoods(doc),
        before: readShownBefore(doc).length,
        photos: readPhotos(doc).length,
      })),
    ),
  );
  expect(found).toHaveLength(3);
  expect(found).toContainEqual({ ...none, together: "Mette", title: "Til mødet", text: "Jeg vil tale om skolen" });
  expect(found).toContainEqual({ ...none, from: "Noah", text: "Vi byggede en hule", photos: 1, before: 1 });
  expect(found).toContainEqual({ ...none, text: "Kun min" });
  // And out again it is the same, byte for byte.
  expect(await contentOf((await later.takeAlong()).file)).toEqual(await contentOf(first.file));
  await later.pocket.close();

  // What a child showed an adult is not the adult's to carry out.
  await alma.vault.show(own, metteAtAlma, { ...options, photos: [] });
  await until(async () => (await mette.vault.received()).length === 2, SOON);
  expect((await takeAlong(mette.vault)).made.documents).toBe(0);
}, 120_000);

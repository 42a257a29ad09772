/** What becomes of a wish: said by the adult with words, the latest stands, all of them stay. */
import { expect, test } from "vitest";
import { setSubject } from "../../../../client/documents/marks.ts";
import { encodeSaid, parseSaid } from "../../../../client/vault/sharing/payloads.ts";
import { World } from "./world.ts";

const options = { notSafeForParents: false, withMoods: false, photos: [], recordings: [] };

test("heard, then declined with a why, then agreed after all: the child has the whole history", async () => {
  const { world, child, caseworker } = await World.paired();
  const { document } = child.write({ kind: "wish", title: "Se min lillebror", text: "Hver uge" });
  const share = await child.sharing.show(document, await child.personId("Mette"), options);
  await world.settle();
  await caseworker.sharing.answer(share, "Jeg har læst det.", "heard");
  await caseworker.sharing.answer(share, "Nej, fordi han bor langt væk lige nu.", "declined");
  await caseworker.sharing.answer(share, "Vi har fundet en tog-tid.", "agreed");
  await world.settle();
  const [shown] = await child.sharing.shares(document);
  expect(shown?.answers.map(({ wish }) => wish)).toEqual(["heard", "declined", "agreed"]);
  expect((await caseworker.sharing.received())[0]?.answers.map(({ wish }) => wish)).toEqual([
    "heard",
    "declined",
    "agreed",
  ]);
});

test("what a wish is about stands in the preview and on the adult's desk; of an entry nothing such is told", async () => {
  const { world, child, caseworker } = await World.paired();
  const mette = await child.personId("Mette");
  // With it alone a wish is whole: there is no word in it.
  const wish = child.write({ kind: "wish" });
  setSubject(wish.doc, "family");
  expect((await child.sharing.preview(wish.document, options)).subject).toBe("family");
  await child.sharing.show(wish.document, mette, options);
  await world.settle();
  expect((await caseworker.sharing.received())[0]?.copy.subject).toBe("family");

  const entry = child.write({ text: "I dag" });
  setSubject(entry.doc, "school");
  expect((await child.sharing.preview(entry.document, options)).subject).toBeNull();
});

test("nothing becomes of an entry, nobody says no without a word, and no child answers its own wish so", async () => {
  const { world, child, caseworker } = await World.paired();
  const mette = await child.personId("Mette");
  const entry = await child.sharing.show(child.write({ text: "I dag" }).document, mette, options);
  const wish = await child.sharing.show(child.write({ kind: "wish", text: "En hund" }).document, mette, options);
  await world.settle();
  await expect(caseworker.sharing.answer(entry, "Ja", "agreed")).rejects.toMatchObject({ code: "not-allowed" });
  await expect(caseworker.sharing.answer(wish, "  ", "declined")).rejects.toMatchObject({ code: "not-allowed" });
  await expect(child.sharing.answer(wish, "Ja", "agreed")).rejects.toMatchObject({ code: "not-allowed" });
  await caseworker.sharing.answer(entry, "Godt skrevet.");
  await world.settle();
  const answers = (await child.sharing.shares()).flatMap((share) => share.answers);
  expect(answers.map(({ wish: outcome, text }) => [text, outcome])).toEqual([["Godt skrevet.", null]]);
});

test("a word for it that we don't know makes an answer that isn't read", () => {
  const share = "5".repeat(32);
  const good = encodeSaid({ type: "answer", share, at: 1, text: "Ja", wish: "agreed" });
  expect(parseSaid(good)).toMatchObject({ wish: "agreed" });
  const strange = new TextEncoder().encode(new TextDecoder().decode(good).replace('"agreed"', '"perhaps"'));
  expect(parseSaid(strange)).toBeNull();
});

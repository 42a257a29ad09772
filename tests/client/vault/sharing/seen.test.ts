import { expect, test } from "vitest";
import { World } from "./world.ts";

const show = async (child: Awaited<ReturnType<typeof World.paired>>["child"]) => {
  const { document } = child.write({ title: "Mødet", text: "Det var svært." });
  const options = { notSafeForParents: false, withMoods: false, photos: [] };
  return child.sharing.show(document, await child.personId("Mette"), options);
};

test("which answers were on my screen is remembered across restarts, and said to nobody", async () => {
  const { world, child, caseworker } = await World.paired();
  const share = await show(child);
  await world.settle();
  await caseworker.sharing.answer(share, "Jeg kommer i morgen.");
  await world.settle();
  expect((await child.sharing.shares())[0]).toMatchObject({ answersSeen: 0 });

  const circle = await child.circle("Mette");
  const records = world.server.spaces.get(circle)?.records.length;
  await child.sharing.seeAnswers(share);
  await child.restart();
  await world.settle();
  expect((await child.sharing.shares())[0]).toMatchObject({ answersSeen: 1 });
  expect(world.server.spaces.get(circle)?.records.length).toBe(records);

  await caseworker.sharing.answer(share, "Klokken ti.");
  await world.settle();
  const [later] = await child.sharing.shares();
  expect([later?.answers.length, later?.answersSeen]).toEqual([2, 1]);
});

test("seeing what isn't there notes nothing", async () => {
  const { world, child } = await World.paired();
  const share = await show(child);
  await world.settle();
  await child.sharing.seeAnswers(share);
  expect((await child.sharing.shares())[0]).toMatchObject({ answersSeen: 0, answers: [] });
});

test("who says that it stands in the case file sees that it was said", async () => {
  const { world, child, caseworker } = await World.paired();
  const share = await show(child);
  await world.settle();
  expect((await caseworker.sharing.received())[0]).toMatchObject({ inCaseFile: false });
  await caseworker.sharing.keepInCaseFile(share);
  expect((await caseworker.sharing.received())[0]).toMatchObject({ inCaseFile: true });
});

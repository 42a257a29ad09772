import { expect, test } from "vitest";
import type { Share } from "../../../../client/vault/api.ts";
import { contains } from "./memory-core.ts";
import { World } from "./world.ts";

const stepsOf = (share: Share | undefined): readonly string[] => (share?.steps ?? []).map(({ step }) => step);

test("show, arrived, opened, answered, taken back", async () => {
  const { world, child, caseworker } = await World.paired();
  const { document, blobs } = child.write({ title: "Fodbold", text: "Vi vandt!", photos: ["a goal"] });
  const mette = await child.personId("Mette");
  const options = { notSafeForParents: false, withMoods: false, photos: blobs };

  const id = await child.sharing.show(document, mette, options);
  expect(stepsOf((await child.sharing.shares())[0])).toEqual(["saved"]);
  expect(child.disk.shownTo.get(document)).toEqual([mette]);

  await world.settle();
  expect(stepsOf((await child.sharing.shares(document))[0])).toEqual(["saved", "sending", "sent", "arrived"]);

  caseworker.setOnline(false);
  const [received] = await caseworker.sharing.received();
  expect(received?.id).toBe(id);
  expect(received?.copy.text).toEqual([{ type: "paragraph", runs: [{ text: "Vi vandt!" }] }]);
  const ref = received?.copy.photos[0]?.full;
  if (ref === undefined) throw new Error("no photo");
  const key = await caseworker.sharing.blobKey(ref.space, ref.blob);
  if (key === null) throw new Error("no key");
  expect(new TextDecoder().decode(caseworker.core.openKept(ref.blob, key.key))).toBe("a goal");

  caseworker.setOnline(true);
  await caseworker.sharing.markOpened(id);
  await world.settle();
  expect(stepsOf((await child.sharing.shares())[0]).at(-1)).toBe("opened");

  await caseworker.sharing.answer(id, "Hvor flot!");
  await world.settle();
  const [answered] = await child.sharing.shares();
  expect(stepsOf(answered).at(-1)).toBe("answered");
  expect(answered?.answers.map(({ from, text }) => [from, text])).toEqual([[mette, "Hvor flot!"]]);

  await child.sharing.takeBack(id);
  expect((await child.sharing.shares())[0]?.takeBack).toBe("waiting");
  expect(child.disk.shownTo.get(document)).toEqual([]);
  await world.settle();
  expect((await child.sharing.shares())[0]?.takeBack).toBe("gone-opened");
  expect(await caseworker.sharing.received()).toEqual([]);
  expect(caseworker.disk.circleBlobs.size).toBe(0);
  const circle = await child.circle("Mette");
  expect(world.server.spaces.get(circle)?.blobs.size).toBe(0);
  expect(world.server.spaces.get(circle)?.records.some((record) => record.document === id)).toBe(false);
  for (const actor of [child, caseworker]) expect(actor.core.unexplainedGaps(circle)).toEqual([]);
});

test("fetched, offline, opened, taken back, back online", async () => {
  const { world, child, caseworker } = await World.paired();
  const { document } = child.write({ text: "Kun til dig" });
  const options = { notSafeForParents: false, withMoods: false, photos: [] };
  const id = await child.sharing.show(document, await child.personId("Mette"), options);
  await world.settle();

  caseworker.setOnline(false);
  await caseworker.sharing.markOpened(id);
  await child.sharing.takeBack(id);
  await world.settle();
  expect((await child.sharing.shares())[0]?.takeBack).toBe("waiting");
  expect((await caseworker.sharing.received()).length).toBe(1);

  caseworker.setOnline(true);
  await world.settle();
  expect((await child.sharing.shares())[0]?.takeBack).toBe("gone-opened");
  expect(await caseworker.sharing.received()).toEqual([]);
});

test("nothing the server sees holds a word of it", async () => {
  const { world, child } = await World.paired();
  const words = { title: "kanariegult", text: "fortroligt", photos: ["hemmeligt billede"] };
  const { document, blobs } = child.write(words);
  const options = { notSafeForParents: true, withMoods: true, photos: blobs };
  await child.sharing.show(document, await child.personId("Mette"), options);
  await world.settle();
  const seen = world.server.seen;
  expect(seen.length).toBeGreaterThan(8);
  for (const canary of ["kanariegult", "fortroligt", "hemmeligt", "Alma", "Mette"]) {
    expect(seen.filter((bytes) => contains(bytes, new TextEncoder().encode(canary)))).toEqual([]);
  }
});

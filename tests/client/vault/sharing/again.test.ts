import { describe, expect, test } from "vitest";
import { setTitle } from "../../../../client/documents/entry.ts";
import type { Person } from "../../../../client/vault/api.ts";
import { type Actor, World } from "./world.ts";

const plain = { notSafeForParents: false, withMoods: false, photos: [] };

/** Mette was shown something, lost her browser's data, and is paired again as somebody new. */
async function metAgain(show: (child: Actor, world: World) => Promise<void> = async (child) => shown(child)) {
  const { world, child, caseworker } = await World.paired();
  await show(child, world);
  await world.settle();
  const first = await child.person("Mette");
  caseworker.setOnline(false);
  const again = await world.add("Mette", "caseworker");
  await world.pair(child, again);
  return { world, child, lost: caseworker, again, first, second: await other(child, first) };
}

async function shown(child: Actor, text = "hej"): Promise<void> {
  const { document } = child.write({ title: text, text });
  await child.sharing.show(document, await child.personId("Mette"), plain);
}

async function other(child: Actor, first: Person): Promise<Person> {
  const found = (await child.sharing.people()).find(({ id, role }) => id !== first.id && role === first.role);
  if (found === undefined) throw new Error("nobody came again");
  return found;
}

const stateOf = async (child: Actor, { id }: Person) =>
  (await child.sharing.people()).find((person) => person.id === id)?.state;
const titlesOf = async (adult: Actor) => (await adult.sharing.received()).map(({ copy }) => copy.title).toSorted();
const askedAbout = async (child: Actor) => (await child.sharing.people()).flatMap(({ maybeAgain }) => maybeAgain);

describe("who is asked about", () => {
  test("an adult of the same role to whom something is shown; only about the new one", async () => {
    const { child, again, first, second } = await metAgain();
    expect(second.maybeAgain).toEqual([first.id]);
    expect(await askedAbout(child)).toEqual([first.id]);
    expect(await askedAbout(again)).toEqual([]);
  });

  test("nobody where nothing was shown, where all was taken back, or for another role", async () => {
    const nothing = await metAgain(async () => undefined);
    expect(nothing.second.maybeAgain).toEqual([]);
    const takenBack = await metAgain(async (child, world) => {
      await shown(child);
      await world.settle();
      for (const { id } of await child.sharing.shares()) await child.sharing.takeBack(id);
    });
    expect(takenBack.second.maybeAgain).toEqual([]);

    const { world, child } = await World.paired();
    await shown(child);
    const carer = await world.add("Mette", "carer");
    await world.pair(child, carer);
    expect(await askedAbout(child)).toEqual([]);
  });

  test("what is shown to somebody later asks nothing about those who were there", async () => {
    const { world, child } = await World.paired();
    const second = await world.add("Noah", "caseworker");
    await world.pair(child, second);
    await shown(child);
    await world.settle();
    expect(await askedAbout(child)).toEqual([]);
  });

  test("no longer once the earlier one was taken out", async () => {
    const { world, child, first, second } = await metAgain();
    await child.sharing.removePerson(first.id);
    await world.settle();
    expect(await askedAbout(child)).toEqual([]);
    await expect(child.sharing.sameAgain(second.id, first.id)).rejects.toMatchObject({ code: "not-allowed" });
    expect(await child.sharing.shares()).toHaveLength(1);
  });

  test("nobody can be named whom the child was not asked about", async () => {
    const { world, child, first, second } = await metAgain();
    const noah = await world.add("Noah", "carer");
    await world.pair(child, noah);
    const { id } = await child.person("Noah");
    await expect(child.sharing.sameAgain(second.id, id)).rejects.toMatchObject({ code: "not-allowed" });
    await expect(child.sharing.sameAgain(id, first.id)).rejects.toMatchObject({ code: "not-allowed" });
    await expect(child.sharing.sameAgain(first.id, second.id)).rejects.toMatchObject({ code: "not-allowed" });
    expect(await child.sharing.shares()).toHaveLength(1);
  });
});

describe("somebody else", () => {
  test("gets nothing, and is asked about only once, restarts included", async () => {
    const { world, child, again, first, second } = await metAgain();
    await child.sharing.sameAgain(second.id, null);
    expect(await askedAbout(child)).toEqual([]);
    await child.restart();
    expect(await askedAbout(child)).toEqual([]);
    // The first answer stands.
    await child.sharing.sameAgain(second.id, first.id);
    await world.settle();
    expect(await again.sharing.received()).toEqual([]);
    expect(await stateOf(child, first)).toBe("paired");
    expect(await child.sharing.shares()).toHaveLength(1);
  });
});

describe("the same adult", () => {
  test("gets what was shown, as it was shown then, and the earlier one is parted from", async () => {
    const { world, child, lost, again, first, second } = await metAgain(async (child, world) => {
      const mette = await child.personId("Mette");
      const { document, doc, blobs, recorded } = child.write({
        title: "Fodbold",
        text: "Vi vandt!",
        moods: ["calm"],
        photos: ["a goal", "not this one"],
        recordings: ["not this one", "the song"],
      });
      await child.sharing.show(document, mette, {
        notSafeForParents: true,
        withMoods: true,
        photos: blobs.slice(0, 1),
        recordings: recorded.slice(1),
      });
      setTitle(doc, "ændret siden");
      world.time += 5000;
      await shown(child, "taget tilbage");
      const [newest] = await child.sharing.shares();
      if (newest !== undefined) await child.sharing.takeBack(newest.id);
    });
    const preview = await child.sharing.previewAgain(first.id);
    expect(preview.map(({ title }) => title)).toEqual(["Fodbold"]);
    await child.sharing.sameAgain(second.id, first.id);
    await world.settle();

    const received = await again.sharing.received();
    expect(received).toHaveLength(1);
    const copy = received[0]?.copy;
    expect(copy).toMatchObject({
      title: "Fodbold",
      moods: ["calm"],
      notSafeForParents: true,
      createdAt: preview[0]?.createdAt,
    });
    expect(copy?.text).toEqual([{ type: "paragraph", runs: [{ text: "Vi vandt!" }] }]);
    expect(copy?.photos).toHaveLength(1);
    const full = copy?.photos[0]?.full;
    if (full === undefined) throw new Error("no photo");
    expect(full.space).toBe(second.circle);
    expect(full.blob).not.toBe(preview[0]?.photos[0]?.full.blob);
    const key = await again.sharing.blobKey(full.space, full.blob);
    if (key === null) throw new Error("no key");
    expect(new TextDecoder().decode(again.core.openKept(full.blob, key.key))).toBe("a goal");
    const [song] = copy?.recordings ?? [];
    const songKey = song && (await again.sharing.blobKey(song.media.space, song.media.blob));
    if (song === undefined || songKey == null) throw new Error("no song");
    expect(new TextDecoder().decode(again.core.openKept(song.media.blob, songKey.key))).toBe("the song");

    expect(await stateOf(child, first)).toBe("removed");
    expect(await stateOf(child, second)).toBe("paired");
    expect(await askedAbout(child)).toEqual([]);
    if (first.circle === null) throw new Error("no circle");
    expect(world.server.spaces.get(first.circle)?.epoch).toBe(2);
    lost.setOnline(true);
    await world.settle();
    expect((await lost.sharing.people())[0]?.state).toBe("removed");
  });

  test("is one line among what was shown, with the earlier answer; the document is shown to the new one only", async () => {
    const { world, child, lost, again, first, second } = await metAgain(async (child) => shown(child, "Broen"));
    lost.setOnline(true);
    for (const { id } of await lost.sharing.received()) await lost.sharing.answer(id, "Tak.");
    await world.settle();
    for (const { id } of await child.sharing.shares()) await child.sharing.seeAnswers(id);
    await child.sharing.sameAgain(second.id, first.id);
    await world.settle();
    const [share, ...more] = await child.sharing.shares();
    expect(more).toEqual([]);
    expect(share?.person).toBe(second.id);
    expect(share?.steps.at(-1)?.step).toBe("arrived");
    expect(share?.answers.map(({ text, from }) => [text, from])).toEqual([["Tak.", second.id]]);
    expect(share?.answersSeen).toBe(1);
    expect([...child.disk.shownTo.values()]).toEqual([[second.id]]);
    if (share === undefined) throw new Error("nothing shown");
    await again.sharing.answer(share.id, "Nu ser jeg det igen.");
    await world.settle();
    const [answered] = await child.sharing.shares();
    expect(answered?.answers.map(({ text }) => text)).toEqual(["Tak.", "Nu ser jeg det igen."]);
    expect(answered?.answersSeen).toBe(1);
    await child.sharing.seeAnswers(share.id);
    expect((await child.sharing.shares())[0]?.answersSeen).toBe(2);
  });

  test("decided in flight mode, closed, opened: it all happens when there is net", async () => {
    const { world, child, again, first, second } = await metAgain(async (child) => {
      await shown(child, "en");
      await shown(child, "to");
    });
    child.setOnline(false);
    await child.sharing.sameAgain(second.id, first.id);
    expect(await askedAbout(child)).toEqual([]);
    expect((await child.sharing.shares()).map(({ person }) => person)).toEqual([second.id, second.id]);
    expect(await stateOf(child, first)).toBe("removing");
    await child.restart();
    await world.settle();
    expect(await again.sharing.received()).toEqual([]);
    child.setOnline(true);
    await world.settle();
    expect(await titlesOf(again)).toEqual(["en", "to"]);
    expect(await stateOf(child, first)).toBe("removed");
  });

  test("broken off after any write: each thing is shown once, and nobody is asked again", async () => {
    for (let writes = 1; writes <= 12; writes++) {
      const { world, child, again, first, second } = await metAgain(async (child) => {
        await shown(child, "en");
        await shown(child, "to");
      });
      child.core.writesLeft = writes;
      await child.sharing.sameAgain(second.id, first.id).catch(() => undefined);
      await child.restart();
      await world.settle();
      expect([writes, await askedAbout(child)]).toEqual([writes, []]);
      expect([writes, await titlesOf(again)]).toEqual([writes, ["en", "to"]]);
      expect([writes, await stateOf(child, first)]).toEqual([writes, "removed"]);
      expect([writes, (await child.sharing.shares()).length]).toEqual([writes, 2]);
    }
  }, 20_000);

  test("broken off in flight mode: the next start goes on, without net", async () => {
    const { world, child, first, second } = await metAgain();
    child.setOnline(false);
    await world.settle();
    child.core.writesLeft = 1;
    await child.sharing.sameAgain(second.id, first.id).catch(() => undefined);
    await child.restart();
    expect((await child.sharing.shares()).map(({ person }) => person)).toEqual([second.id]);
    expect(await stateOf(child, first)).toBe("removing");
  });

  test("a photo that is on no device of the child yet waits for net, and nobody is parted from before", async () => {
    const { world, child, again, first, second } = await metAgain(async (child) => {
      const { document, blobs } = child.write({ title: "Fodbold", photos: ["a goal"] });
      await child.sharing.show(document, await child.personId("Mette"), { ...plain, photos: blobs });
    });
    child.disk.circleBlobs.clear();
    child.setOnline(false);
    await world.settle();
    await child.sharing.sameAgain(second.id, first.id);
    expect(await stateOf(child, first)).toBe("paired");
    expect((await child.sharing.shares()).map(({ person }) => person)).toEqual([first.id]);
    child.setOnline(true);
    await world.settle();
    expect(await titlesOf(again)).toEqual(["Fodbold"]);
    expect(await stateOf(child, first)).toBe("removed");
  });

  test("a device that hasn't got all that was shown parts from nobody before it has", async () => {
    const { world, child, again, first, second } = await metAgain(async (child, world) => {
      await shown(child, "en");
      world.time += 1000;
      await shown(child, "to");
    });
    const circle = first.circle ?? ("" as never);
    const [newest] = (await child.sharing.shares()).toSorted((a, b) => (b.steps[0]?.at ?? 0) - (a.steps[0]?.at ?? 0));
    const { core } = child;
    const { records } = core;
    core.records = async (space) => (await records.call(core, space)).filter(({ document }) => document !== newest?.id);
    await child.sharing.recordsChanged(circle);
    await child.sharing.sameAgain(second.id, first.id);
    await world.settle();
    expect(await titlesOf(again)).toEqual(["en"]);
    expect(await stateOf(child, first)).toBe("paired");
    core.records = records;
    await child.sharing.recordsChanged(circle);
    await world.settle();
    expect(await titlesOf(again)).toEqual(["en", "to"]);
    expect(await stateOf(child, first)).toBe("removed");
    expect((await child.sharing.shares()).map(({ person }) => person)).toEqual([second.id, second.id]);
  });

  test("who comes a second time again is one line still, and the child is asked about the newest", async () => {
    const { world, child, again, first, second } = await metAgain();
    await child.sharing.sameAgain(second.id, first.id);
    await world.settle();
    again.setOnline(false);
    const third = await world.add("Mette", "caseworker");
    await world.pair(child, third);
    const newest = (await child.sharing.people()).find(({ maybeAgain }) => maybeAgain.length > 0);
    expect(newest?.maybeAgain).toEqual([second.id]);
    if (newest !== undefined) await child.sharing.sameAgain(newest.id, second.id);
    await world.settle();
    expect(await titlesOf(third)).toEqual(["hej"]);
    expect((await child.sharing.shares()).map(({ person }) => person)).toEqual([newest?.id]);
  });
});

describe("taking back what was shown again", () => {
  const endOf = async (child: Actor) => (await child.sharing.shares()).map(({ takeBack }) => takeBack);

  async function takenBack(before: (lost: Actor, world: World) => Promise<void>) {
    const { world, child, lost, first, second } = await metAgain(async (child, world) => {
      await shown(child);
      await world.settle();
    });
    lost.setOnline(true);
    await before(lost, world);
    await world.settle();
    await child.sharing.sameAgain(second.id, first.id);
    await world.settle();
    for (const { id } of await child.sharing.shares()) await child.sharing.takeBack(id);
    await world.settle();
    return { world, child, lost, first };
  }

  test("deletes the earlier copy on the server too; what nobody can know is not promised", async () => {
    const { world, child, first } = await takenBack(async () => undefined);
    expect(await endOf(child)).toEqual(["unknown"]);
    expect([...child.disk.shownTo.values()]).toEqual([[]]);
    const said = world.server.spaces.get(first.circle ?? ("" as never))?.records.filter(({ kind }) => kind === "said");
    expect(said?.map(({ document }) => document)).not.toContain((await child.sharing.shares())[0]?.id);
    expect(world.server.spaces.get(first.circle ?? ("" as never))?.deleted.size).toBe(1);
  });

  test("opened before: it says so, though nobody opened it again; the answer stays", async () => {
    const { child } = await takenBack(async (lost) => {
      for (const { id } of await lost.sharing.received()) {
        await lost.sharing.markOpened(id);
        await lost.sharing.answer(id, "Tak");
      }
    });
    expect(await endOf(child)).toEqual(["gone-opened"]);
    const [share] = await child.sharing.shares();
    expect(share?.answers.map(({ text, from }) => [text, from])).toEqual([["Tak", share?.person]]);
  });

  test("kept in the case file before: there it stays", async () => {
    const { child } = await takenBack(async (lost) => {
      for (const { id } of await lost.sharing.received()) await lost.sharing.keepInCaseFile(id);
    });
    expect(await endOf(child)).toEqual(["in-case-file"]);
  });
});

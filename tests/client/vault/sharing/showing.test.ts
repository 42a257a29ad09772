import { describe, expect, test } from "vitest";
import { removePhotoFrom, setTitle, textOf, toggleMood } from "../../../../client/documents/entry.ts";
import type { StopId } from "../../../../client/documents/kinds.ts";
import { addStop, setStopTitle, setStopWhen, writeStopText } from "../../../../client/documents/life.ts";
import { appendRichText, plainToRichText } from "../../../../client/documents/rich-text.ts";
import { addSticker } from "../../../../client/documents/stickers.ts";
import {
  encodeSaid,
  MAX_ANSWER_CHARACTERS,
  MAX_SAID_BYTES,
  parseSaid,
} from "../../../../client/vault/sharing/payloads.ts";
import { fromUtf8 } from "../../../../crypto/bytes.ts";
import { randomId } from "../../../../crypto/ids.ts";
import type { BlobId, DocumentTag } from "../../../../crypto/types.ts";
import { contains } from "./memory-core.ts";
import { type Actor, World } from "./world.ts";

const plain = { notSafeForParents: false, withMoods: false, photos: [] as BlobId[] };

async function payloadOf(child: Actor, share: DocumentTag): Promise<string> {
  const records = await child.core.records(await child.circle("Mette"));
  const record = records.find(({ document }) => document === share);
  if (record === undefined) throw new Error("nothing was said");
  return fromUtf8(record.payload);
}

describe("what goes along", () => {
  test("only what was chosen stands in the payload", async () => {
    const { world, child } = await World.paired();
    const { document, doc, blobs } = child.write({
      title: "Weekend",
      text: "Vi var i Tivoli",
      moods: ["glad", "træt"],
      photos: ["chosen picture", "other picture", "removed picture"],
    });
    const [chosen, other, removed] = blobs as [BlobId, BlobId, BlobId];
    textOf(doc).insert(0, [textOf(doc).get(0).clone()]);
    textOf(doc).delete(0, 1);
    toggleMood(doc, "vred");
    toggleMood(doc, "vred");
    removePhotoFrom(doc, removed);
    const mette = await child.personId("Mette");
    const share = await child.sharing.show(document, mette, { ...plain, photos: [chosen, removed] });
    const payload = await payloadOf(child, share);
    for (const word of ["Weekend", "Vi var i Tivoli"]) expect(payload).toContain(word);
    for (const word of ["glad", "træt", "vred", ...blobs, document, "Mette", "Alma"])
      expect(payload).not.toContain(word);
    expect(parseSaid(new TextEncoder().encode(payload))).toMatchObject({ copy: { moods: [], photos: [{}] } });
    const sealed = [...child.disk.circleBlobs.values()];
    expect(sealed).toHaveLength(2);
    await world.settle();
    expect(world.server.spaces.get(await child.circle("Mette"))?.blobs.size).toBe(2);
    expect(other).toBeDefined();
  });

  test("a recording goes along only when it was chosen, sealed anew, and is taken back with the rest", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document, recorded } = child.write({ text: "hej", recordings: ["said aloud", "not this one"] });
    const mette = await child.personId("Mette");
    expect((await child.sharing.preview(document, plain)).recordings).toEqual([]);
    const options = { ...plain, recordings: recorded.slice(0, 1) };
    const preview = await child.sharing.preview(document, options);
    expect(preview.recordings.map(({ media }) => media.blob)).toEqual(recorded.slice(0, 1));
    const share = await child.sharing.show(document, mette, options);
    expect(await payloadOf(child, share)).not.toContain(recorded[0]);
    await world.settle();
    const [received] = await caseworker.sharing.received();
    const [copied] = received!.copy.recordings;
    const { media, ...facts } = preview.recordings[0]!;
    expect(copied).toMatchObject(facts);
    expect(copied!.media.blob).not.toBe(media.blob);
    const found = await caseworker.sharing.blobKey(copied!.media.space, copied!.media.blob);
    const heard = caseworker.core.openKept(copied!.media.blob, found!.key);
    expect(new TextDecoder().decode(heard)).toBe("said aloud");
    await child.sharing.takeBack(share);
    await world.settle();
    expect(await caseworker.sharing.received()).toEqual([]);
    expect(() => caseworker.core.openKept(copied!.media.blob, found!.key)).toThrow("not-here");
  });

  test("should the document give more than was asked for, it still doesn't go along", async () => {
    const { child } = await World.paired();
    const { document, blobs } = child.write({ text: "hej", moods: ["glad"], photos: ["one", "two"] });
    const { copyForShowing } = child.core;
    child.core.copyForShowing = async (of) => ({
      ...(await copyForShowing.call(child.core, of, { notSafeForParents: false, withMoods: true, photos: blobs })),
      draft: "aldrig vist",
    });
    const chosen = blobs.slice(0, 1);
    const preview = await child.sharing.preview(document, { ...plain, photos: chosen });
    expect(preview.moods).toEqual([]);
    expect(preview.photos.map(({ full }) => full.blob)).toEqual(chosen);
    const share = await child.sharing.show(document, await child.personId("Mette"), { ...plain, photos: chosen });
    const payload = await payloadOf(child, share);
    for (const word of ["glad", "aldrig vist", "draft"]) expect(payload).not.toContain(word);
  });

  test("of a life story only the stops that were chosen go along, and the preview is what is received; stickers come too", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document, doc } = child.write({ text: "" });
    doc.getMap("about").set("kind", "life");
    addSticker(doc, 7);
    const [grandma, secret] = ["1".repeat(32), "2".repeat(32)] as [StopId, StopId];
    addStop(doc, grandma, "house-red");
    setStopTitle(doc, grandma, "Hos mormor");
    setStopWhen(doc, grandma, { season: "summer", age: 7 });
    addStop(doc, secret, "star");
    writeStopText(doc, secret, "Kun mit");
    expect((await child.sharing.preview(document, plain)).parts).toEqual([]);
    const options = { ...plain, parts: [grandma] };
    const preview = await child.sharing.preview(document, options);
    const share = await child.sharing.show(document, await child.personId("Mette"), options);
    const payload = await payloadOf(child, share);
    for (const word of ["Kun mit", grandma, secret]) expect(payload).not.toContain(word);
    await world.settle();
    const copy = (await caseworker.sharing.received())[0]?.copy;
    expect({ ...copy, digest: preview.digest }).toEqual(preview);
    expect(copy?.stickers).toEqual([7]);
    const when = { season: "summer", age: 7, year: null, words: "", unknown: false };
    expect(copy?.parts).toEqual([{ topic: null, signs: ["house-red"], title: "Hos mormor", text: "", when }]);
  });

  test("words that were deleted stay in the pocket", async () => {
    const { child } = await World.paired();
    const { document, doc } = child.write({ text: "Jeg vil hjem. Nu." });
    const text = textOf(doc).get(0);
    const words = "get" in text ? text.get(0) : null;
    if (words === null || !("delete" in words)) throw new Error("no text");
    words.delete(0, "Jeg vil hjem. ".length);
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    const payload = await payloadOf(child, share);
    expect(payload).toContain("Nu.");
    expect(payload).not.toContain("hjem");
  });

  test("the preview is what is received, but for where the photos lie", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document, blobs } = child.write({
      title: "Ønske",
      text: "En hund\n\nså lille",
      moods: ["glad"],
      photos: ["x"],
    });
    const options = { notSafeForParents: true, withMoods: true, photos: blobs };
    const preview = await child.sharing.preview(document, options);
    await child.sharing.show(document, await child.personId("Mette"), options);
    await world.settle();
    const copy = (await caseworker.sharing.received())[0]?.copy;
    expect({ ...copy, photos: [], digest: preview.digest }).toEqual({ ...preview, photos: [] });
    expect(copy?.photos).toHaveLength(1);
    expect(copy?.photos[0]?.full.blob).not.toBe(preview.photos[0]?.full.blob);
  });

  test("what came between the preview and showing goes to nobody before it was on the screen", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document, doc } = child.write({ title: "Ønske", text: "En hund", moods: ["glad"] });
    const mette = await child.personId("Mette");
    const before = await child.sharing.preview(document, plain);
    const changes = [
      () => appendRichText(textOf(doc), plainToRichText("Og aldrig mere hos far")),
      () => setTitle(doc, "Hemmeligt"),
      () => addSticker(doc, 7),
    ];
    for (const change of changes) {
      const { digest } = await child.sharing.preview(document, plain);
      change();
      const showing = child.sharing.show(document, mette, plain, digest);
      await expect(showing).rejects.toMatchObject({ code: "changed-since" });
    }
    // What was chosen since, likewise; what doesn't go along changes nothing.
    const { digest } = await child.sharing.preview(document, plain);
    await expect(child.sharing.show(document, mette, { ...plain, withMoods: true }, digest)).rejects.toMatchObject({
      code: "changed-since",
    });
    expect(await child.sharing.shares()).toEqual([]);
    await world.settle();
    expect(await caseworker.sharing.received()).toEqual([]);
    toggleMood(doc, "vred");
    expect(digest).not.toBe(before.digest);
    await child.sharing.show(document, mette, plain, digest);
    await world.settle();
    expect((await caseworker.sharing.received()).map(({ copy }) => copy.title)).toEqual(["Hemmeligt"]);
  });

  test("photos lie under keys of their own, fresh for each showing", async () => {
    const { world, child } = await World.paired();
    const carer = await world.add("Noah", "carer");
    await world.pair(child, carer);
    const { document, blobs } = child.write({ photos: ["a picture"] });
    const shown = [];
    for (const name of ["Mette", "Noah"]) {
      await child.sharing.show(document, await child.personId(name), { ...plain, photos: blobs });
      const circle = await child.circle(name);
      for (const [blob, { space }] of child.disk.circleBlobs) {
        if (space === circle) shown.push((await child.sharing.blobKey(circle, blob))?.key.join());
      }
    }
    expect(shown).toHaveLength(4);
    expect(new Set(shown).size).toBe(4);
  });

  test("a later change is shown only by showing again", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document, doc } = child.write({ title: "først" });
    await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    doc.getMap("about").set("title", "bagefter");
    await world.settle();
    expect((await caseworker.sharing.received()).map(({ copy }) => copy.title)).toEqual(["først"]);
    await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    expect((await caseworker.sharing.received()).map(({ copy }) => copy.title).toSorted()).toEqual([
      "bagefter",
      "først",
    ]);
  });

  test("nobody else gets it", async () => {
    const { world, child, caseworker } = await World.paired();
    const carer = await world.add("Noah", "carer");
    await world.pair(child, carer);
    const { document } = child.write({ text: "kun til Mette" });
    await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    expect(await caseworker.sharing.received()).toHaveLength(1);
    expect(await carer.sharing.received()).toEqual([]);
    const carersState = new TextEncoder().encode(JSON.stringify([...carer.disk.state]));
    expect(contains(carersState, new TextEncoder().encode("kun til Mette"))).toBe(false);
    expect([...carer.disk.spaces.keys()]).not.toContain(await child.circle("Mette"));
  });
});

describe("in flight mode", () => {
  test("shown offline, closed and opened again: it leaves when there is net", async () => {
    const { world, child, caseworker } = await World.paired();
    child.setOnline(false);
    const { document, blobs } = child.write({ text: "i bussen", photos: ["x"] });
    await child.sharing.show(document, await child.personId("Mette"), { ...plain, photos: blobs });
    await world.settle();
    await child.restart();
    expect((await child.sharing.shares())[0]?.steps.map(({ step }) => step)).toEqual(["saved"]);
    child.setOnline(true);
    await world.settle();
    expect((await caseworker.sharing.received())[0]?.copy.photos).toHaveLength(1);
    expect((await child.sharing.shares())[0]?.steps.at(-1)?.step).toBe("arrived");
  });

  test("it has arrived only once its photos have", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document, blobs } = child.write({ photos: ["x"] });
    await child.sharing.show(document, await child.personId("Mette"), { ...plain, photos: blobs });
    const { fetchBlob } = caseworker.core;
    caseworker.core.fetchBlob = async () => {
      throw new Error("the line broke");
    };
    await world.settle();
    expect((await child.sharing.shares())[0]?.steps.at(-1)?.step).toBe("sent");
    caseworker.core.fetchBlob = fetchBlob;
    world.time += 10_000;
    await world.settle();
    expect((await child.sharing.shares())[0]?.steps.at(-1)?.step).toBe("arrived");
  });
});

describe("when it can't be done", () => {
  test.each(["readPocketBlob", "putBlob", "copyBlob", "say"] as const)(
    "%s fails: nothing is left of it",
    async (step) => {
      const { child } = await World.paired();
      const { document, blobs, recorded } = child.write({
        text: "hej",
        photos: ["one", "two"],
        recordings: ["a", "b", "c"],
      });
      const real = child.core[step];
      let calls = 0;
      Object.assign(child.core, {
        [step]: async (...given: never[]) => {
          if (step === "say" || ++calls > 2) throw new Error("disk full");
          return (real as (...all: never[]) => unknown).apply(child.core, given);
        },
      });
      const mette = await child.personId("Mette");
      await expect(
        child.sharing.show(document, mette, { ...plain, photos: blobs, recordings: recorded }),
      ).rejects.toThrow("disk full");
      expect(await child.sharing.shares()).toEqual([]);
      expect(child.disk.circleBlobs.size).toBe(0);
      expect(child.disk.shownTo.get(document)).toBeUndefined();
    },
  );

  test("a text longer than may be shown is refused whole by its code, a little less is shown", async () => {
    const { child } = await World.paired();
    const { document } = child.write({ text: "ord ".repeat(MAX_SAID_BYTES / 4) });
    const mette = await child.personId("Mette");
    await expect(child.sharing.show(document, mette, plain)).rejects.toMatchObject({ code: "too-long" });
    expect(await child.sharing.shares()).toEqual([]);
    const { document: shorter } = child.write({ text: "ord ".repeat(MAX_SAID_BYTES / 4 - 1000) });
    const share = await child.sharing.show(shorter, mette, plain);
    expect((await child.sharing.shares()).map(({ id }) => id)).toEqual([share]);
  });

  test("closed before the copy was committed: at the next start nothing is left of it", async () => {
    const { child } = await World.paired();
    const { document, blobs } = child.write({ text: "hej", photos: ["one"] });
    child.core.writesLeft = 1;
    const showing = child.sharing.show(document, await child.personId("Mette"), { ...plain, photos: blobs });
    await expect(showing).rejects.toThrow("closed");
    expect(child.disk.circleBlobs.size).toBe(2);
    await child.restart();
    expect(await child.sharing.shares()).toEqual([]);
    expect(child.disk.circleBlobs.size).toBe(0);
  });
});

describe("receipts", () => {
  test("a wrong clock on the other side makes no odd times", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    await caseworker.core.say(circle, randomId(), "said", encodeSaid({ type: "opened", share, at: 0 }), []);
    await caseworker.core.say(
      circle,
      randomId(),
      "said",
      encodeSaid({ type: "answer", share, at: 9e13, text: "fra år 4821" }),
      [],
    );
    await world.settle();
    const times = (await child.sharing.shares())[0]?.steps.map(({ at }) => at) ?? [];
    expect(times).toHaveLength(6);
    const saved = times[0] ?? 0;
    for (const at of times) expect(at >= saved && at <= world.time).toBe(true);
  });

  test("a child's Lomme never says what it did", async () => {
    const world = await World.create();
    const child = await world.add("Alma", "child");
    const sibling = await world.add("Noah", "child");
    await world.pair(child, sibling);
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Noah"), plain);
    await world.settle();
    const circle = await child.circle("Noah");
    // The genesis and the copy.
    expect(world.server.spaces.get(circle)?.head).toBe(2);
    await sibling.sharing.markOpened(share);
    await world.settle();
    expect((await sibling.sharing.received())[0]?.openedAt).not.toBeNull();
    await child.sharing.takeBack(share);
    await world.settle();
    // The tombstone, and nothing from the sibling.
    expect(world.server.spaces.get(circle)?.head).toBe(3);
    expect(await sibling.sharing.received()).toEqual([]);
    await expect(sibling.sharing.keepInCaseFile(share)).rejects.toMatchObject({ code: "not-allowed" });
  });

  test("the child reading an answer sends nothing", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    await caseworker.sharing.answer(share, "Hej med dig");
    await world.settle();
    const head = world.server.spaces.get(await child.circle("Mette"))?.head;
    await child.sharing.shares();
    await child.sharing.received();
    await child.sharing.markOpened(share);
    expect([...child.disk.state.keys()].filter((name) => name.startsWith("opened/"))).toEqual([]);
    await child.restart();
    await world.settle();
    expect(world.server.spaces.get(await child.circle("Mette"))?.head).toBe(head);
  });

  test("opening twice says it once", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    await caseworker.sharing.markOpened(share);
    await world.settle();
    const head = world.server.spaces.get(await child.circle("Mette"))?.head;
    await caseworker.sharing.markOpened(share);
    await world.settle();
    expect(world.server.spaces.get(await child.circle("Mette"))?.head).toBe(head);
  });
});

describe("who may say what", () => {
  test("a member who says 'shown' is not heard, and no word of theirs counts as the child's", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    const forged = randomId<DocumentTag>();
    const copy = {
      kind: "entry" as const,
      title: "Jeg har det godt",
      text: [],
      moods: [],
      photos: [],
      recordings: [],
      stickers: [],
      parts: [],
      subject: null,
      createdAt: 0,
      notSafeForParents: false,
    };
    await caseworker.core.say(circle, forged, "said", encodeSaid({ type: "shown", at: 0, copy }), []);
    await world.settle();
    expect(await child.sharing.received()).toEqual([]);
    expect(await child.sharing.shares()).toEqual([]);
    expect(await caseworker.sharing.received()).toEqual([]);
    const [record] = (await child.core.records(circle)).filter(({ document }) => document === forged);
    expect(record?.author).toEqual(
      (await caseworker.core.records(circle)).find(({ document }) => document === forged)?.author,
    );
    expect(record?.author).not.toEqual((await child.core.spaceKeys(circle))?.authorPrivate.slice(32));
  });

  test("the child's own word that it arrived moves nothing", async () => {
    const { world, child } = await World.paired();
    child.setOnline(false);
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    const circle = await child.circle("Mette");
    await child.core.say(circle, randomId(), "said", encodeSaid({ type: "opened", share, at: 1 }), []);
    await world.settle();
    expect((await child.sharing.shares())[0]?.steps.map(({ step }) => step)).toEqual(["saved"]);
  });

  test("what somebody says in another circle moves nothing here", async () => {
    const { world, child } = await World.paired();
    const carer = await world.add("Noah", "carer");
    await world.pair(child, carer);
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    const other = await carer.circle("Alma");
    await carer.core.say(other, randomId(), "said", encodeSaid({ type: "opened", share, at: 1 }), []);
    await carer.core.say(other, randomId(), "said", encodeSaid({ type: "answer", share, at: 1, text: "hej" }), []);
    await world.settle();
    const [shown] = await child.sharing.shares();
    expect(shown?.steps.at(-1)?.step).toBe("arrived");
    expect(shown?.answers).toEqual([]);
  });

  test("what can't be read, or is of a later version, is left aside", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    const odd = [
      "",
      "null",
      "{}",
      "[1]",
      JSON.stringify({ v: 5, type: "answer", share, at: 1, text: "fra fremtiden" }),
      JSON.stringify({ v: 4, type: "applause", share, at: 1 }),
      JSON.stringify({ v: 4, type: "answer", share, at: -1, text: "x" }),
      JSON.stringify({ v: 4, type: "answer", share, at: 1, text: "x".repeat(MAX_ANSWER_CHARACTERS + 1) }),
    ];
    for (const text of odd) await caseworker.core.say(circle, randomId(), "said", new TextEncoder().encode(text), []);
    await caseworker.core.say(circle, randomId(), "said", Uint8Array.of(0xff, 0xfe), []);
    await caseworker.core.say(circle, randomId(), "control", Uint8Array.of(9, 9, 9), []);
    await caseworker.sharing.answer(share, "læst");
    await world.settle();
    expect((await child.sharing.shares())[0]?.answers.map(({ text }) => text)).toEqual(["læst"]);
  });

  test("refused with a code: showing to nobody, by an adult in the child's circle, something that isn't here", async () => {
    const { child, caseworker } = await World.paired();
    const { document } = child.write({ text: "hej" });
    const mette = await child.personId("Mette");
    const nobody = randomId<typeof mette>();
    await expect(child.sharing.show(document, nobody, plain)).rejects.toMatchObject({ code: "unknown-person" });
    await expect(child.sharing.show(randomId(), mette, plain)).rejects.toMatchObject({ code: "not-here" });
    await expect(child.sharing.preview(randomId(), plain)).rejects.toMatchObject({ code: "not-here" });
    expect(await child.sharing.shares()).toEqual([]);
    const own = caseworker.write({ text: "hej" });
    const alma = await caseworker.personId("Alma");
    await expect(caseworker.sharing.show(own.document, alma, plain)).rejects.toMatchObject({ code: "not-allowed" });
    await expect(caseworker.sharing.answer(randomId(), "hej")).rejects.toMatchObject({ code: "not-here" });
    await expect(caseworker.sharing.markOpened(randomId())).rejects.toMatchObject({ code: "not-here" });
    await expect(child.sharing.takeBack(randomId())).rejects.toMatchObject({ code: "not-here" });
  });

  test("an empty answer and an endless one are not said", async () => {
    const { world, child, caseworker } = await World.paired();
    const { document } = child.write({ text: "hej" });
    const share = await child.sharing.show(document, await child.personId("Mette"), plain);
    await world.settle();
    for (const text of ["", " \n", "x".repeat(MAX_ANSWER_CHARACTERS + 1)]) {
      await expect(caseworker.sharing.answer(share, text)).rejects.toMatchObject({ code: "not-allowed" });
    }
    await caseworker.sharing.answer(share, "x".repeat(MAX_ANSWER_CHARACTERS));
  });
});

/** Tokens go from an adult to a child, two per child and once, and to nobody else. docs/protocol/circles.md §8. */
import { describe, expect, test } from "vitest";
import { openRoom } from "../../../../client/vault/sharing/give-room.ts";
import { createLedger, type PersonRow } from "../../../../client/vault/sharing/ledger.ts";
import { cardKeys } from "../../../../client/vault/sharing/people.ts";
import { createTokenRows, findTokens } from "../../../../client/vault/tokens.ts";
import { randomId } from "../../../../crypto/ids.ts";
import { macIntroduction } from "../../../../crypto/introductions.ts";
import type { IntroductionId, PairKey } from "../../../../crypto/types.ts";
import { type Actor, World } from "./world.ts";

const token = (letter: string): string => letter.repeat(32);

const give = async (actor: Actor, ...letters: string[]): Promise<void> => {
  const rows = createTokenRows(actor.core);
  await actor.core.writeState(letters.map((letter) => rows.entry(token(letter), {})));
};
const held = async (actor: Actor): Promise<string[]> =>
  (await createTokenRows(actor.core).all()).map(
    ({ id, row }) => `${id[0]}${row.for === undefined ? "" : " laid aside"}`,
  );

async function rowOf(actor: Actor): Promise<PersonRow> {
  const [person] = await createLedger(actor.core).people.all();
  if (person === undefined) throw new Error("nobody");
  return person.row;
}

describe("room for a child", () => {
  test("two tokens of an adult's go to a child they are paired with, once", async () => {
    const { world, child, caseworker } = await World.paired();
    await give(caseworker, "a", "b", "c", "d", "e");
    caseworker.sharing.giveRoom();
    await world.settle();
    const [theirs, mine] = [await held(child), await held(caseworker)];
    expect([theirs.length, mine.length]).toEqual([2, 3]);
    expect(new Set([...theirs, ...mine])).toEqual(new Set(["a", "b", "c", "d", "e"]));
    caseworker.sharing.giveRoom();
    await caseworker.restart();
    await world.settle();
    expect((await held(caseworker)).length).toBe(3);
    expect((await held(child)).length).toBe(2);
  });

  test("once more where the adult says so: another two, or what there is, and only to a child", async () => {
    const { world, child, caseworker } = await World.paired();
    await give(caseworker, "a", "b", "c");
    caseworker.sharing.giveRoom();
    await world.settle();
    const alma = (await rowOf(caseworker)).id;
    expect(await caseworker.sharing.giveMoreRoom(alma)).toBe(1);
    await world.settle();
    expect(await held(child)).toEqual(["a", "b", "c"]);
    expect(await caseworker.sharing.giveMoreRoom(alma)).toBe(0);
    expect(await child.sharing.giveMoreRoom((await rowOf(child)).id)).toBe(0);
    expect(await held(child)).toEqual(["a", "b", "c"]);
  });

  test("a child gives none, not even one that has many", async () => {
    const { world, child, caseworker } = await World.paired();
    await give(child, "a", "b", "c");
    child.sharing.giveRoom();
    await world.settle();
    expect(await held(child)).toEqual(["a", "b", "c"]);
    expect(await held(caseworker)).toEqual([]);
  });

  test("without net they lie aside, over a restart, and the same ones come when there is", async () => {
    const { world, child, caseworker } = await World.paired();
    await give(caseworker, "a", "b", "c");
    caseworker.setOnline(false);
    caseworker.sharing.giveRoom();
    await caseworker.sharing.idle();
    const aside = (await held(caseworker)).filter((one) => one.endsWith("aside")).map((one) => one[0]);
    expect(aside.length).toBe(2);
    await caseworker.restart();
    caseworker.setOnline(true);
    await world.settle();
    expect(await held(child)).toEqual(aside);
    expect((await held(caseworker)).length).toBe(1);
  });

  test("what is laid aside for somebody who is gone is free again", async () => {
    const { world, child, caseworker } = await World.paired();
    await give(caseworker, "a", "b");
    caseworker.setOnline(false);
    caseworker.sharing.giveRoom();
    await caseworker.sharing.idle();
    const ledger = createLedger(caseworker.core);
    await caseworker.core.writeState([ledger.people.entry((await rowOf(caseworker)).id, null)]);
    await caseworker.restart();
    caseworker.setOnline(true);
    await world.settle();
    expect(await held(caseworker)).toEqual(["a", "b"]);
    expect(await held(child)).toEqual([]);
  });

  test("is read to the letter, and only under the key of the two", async () => {
    const { child, caseworker } = await World.paired();
    const [ofMette, ofAlma] = [await rowOf(child), await rowOf(caseworker)];
    const drop = (json: string, key: PairKey | null = ofAlma.pairKey): Uint8Array => {
      const { identity, box } = cardKeys(ofAlma);
      const sender = caseworker.core.disk.self.identity.publicKey;
      const about = { id: randomId<IntroductionId>(), sender, recipient: identity };
      return macIntroduction(key as PairKey, about, box, new TextEncoder().encode(json));
    };
    const open = (sealed: Uint8Array, person = ofMette) => openRoom(child.core.disk.self, person, sealed);
    const good = `{"v":1,"type":"room","tokens":["${token("a")}","b-_9"]}`;
    expect(open(drop(good))).toEqual([token("a"), "b-_9"]);
    expect(open(drop(good), { ...ofMette, state: "removed" })).toBeNull();
    expect(open(drop(good, new Uint8Array(32) as PairKey))).toBeNull();
    for (const bad of [
      `{"v":2,"type":"room","tokens":["${token("a")}"]}`,
      `{"v":1,"type":"room","tokens":[]}`,
      `{"v":1,"type":"room","tokens":["two words"]}`,
      `{"v":1,"type":"room","tokens":["${"a".repeat(65)}"]}`,
      `{"v":1,"type":"room","tokens":[${Array(9)
        .fill(`"${token("a")}"`)
        .join()}]}`,
      `{"v":1,"type":"ended"}`,
      "no JSON",
    ]) {
      expect(open(drop(bad))).toBeNull();
    }
  });
});

test("tokens are found on a slip, in a list, and between words", () => {
  const [a, b] = ["k3_-".repeat(8), "Qz9a".repeat(8)];
  expect(findTokens(`${a}\n${b}\r\n${a}\n`)).toEqual([a, b]);
  expect(findTokens(`Lomme: plads til billeder.\n«${a}», gælder én gang; ${b}.`)).toEqual([a, b]);
  expect(findTokens("ikke noget her, og heller ikke kort-tekst")).toEqual([]);
  expect(findTokens("x".repeat(65))).toEqual([]);
});

import { describe, expect, test } from "vitest";
import { authorPair } from "../../../../client/vault/keyring.ts";
import {
  encodeCheckpointControl,
  encodeTombstoneControl,
  parseControl,
} from "../../../../client/vault/sharing/control.ts";
import { encodeSaid } from "../../../../client/vault/sharing/payloads.ts";
import { createAuthorKeys, createOwnerKeys } from "../../../../crypto/identity.ts";
import { randomId } from "../../../../crypto/ids.ts";
import { hashCheckpoint, parseCheckpoint, signCheckpoint } from "../../../../crypto/rosters.ts";
import { toHex } from "../../../../crypto/sodium.ts";
import { signTombstone } from "../../../../crypto/tombstones.ts";
import type { Checkpoint, DocumentTag } from "../../../../crypto/types.ts";
import { type Actor, World } from "./world.ts";

const plain = { notSafeForParents: false, withMoods: false, photos: [] };

async function shownTo(child: Actor, name: string, text = "hej"): Promise<DocumentTag> {
  const { document } = child.write({ text });
  return child.sharing.show(document, await child.personId(name), plain);
}

const endOf = async (child: Actor, share: DocumentTag) =>
  (await child.sharing.shares()).find(({ id }) => id === share)?.takeBack;

describe("taking back", () => {
  test("before it ever left: it is gone, and nobody hears of it", async () => {
    const { world, child } = await World.paired();
    child.setOnline(false);
    const share = await shownTo(child, "Mette");
    await child.sharing.takeBack(share);
    expect(await endOf(child, share)).toBe("gone-unopened");
    child.setOnline(true);
    const before = world.server.spaces.get(await child.circle("Mette"))?.head;
    await world.settle();
    expect(world.server.spaces.get(await child.circle("Mette"))?.head).toBe(before);
  });

  test("with the server and not fetched: nobody had opened it", async () => {
    const { world, child, caseworker } = await World.paired();
    caseworker.setOnline(false);
    const share = await shownTo(child, "Mette");
    await world.settle();
    await child.sharing.takeBack(share);
    await world.settle();
    expect(await endOf(child, share)).toBe("waiting");
    caseworker.setOnline(true);
    await world.settle();
    expect(await endOf(child, share)).toBe("gone-unopened");
    expect(await caseworker.sharing.received()).toEqual([]);
    // Should a copy still come from somewhere, it is ignored.
    expect(caseworker.disk.spaces.get(await child.circle("Mette"))?.purged.has(share)).toBe(true);
    expect(caseworker.core.unexplainedGaps(await child.circle("Mette"))).toEqual([]);
  });

  test("arrived and not opened", async () => {
    const { world, child } = await World.paired();
    const share = await shownTo(child, "Mette");
    await world.settle();
    await child.sharing.takeBack(share);
    await world.settle();
    expect(await endOf(child, share)).toBe("gone-unopened");
  });

  test.each([
    ["it had been open, though nobody said so before", [["purged", true]]],
    ["it had been opened, though the purging forgot", [["opened"], ["purged", false]]],
  ] as const)("%s: gone, opened", async (_what, receipts) => {
    const { world, child, caseworker } = await World.paired();
    const share = await shownTo(child, "Mette");
    await world.settle();
    const circle = await child.circle("Mette");
    await child.sharing.takeBack(share);
    for (const [type, opened] of receipts) {
      const at = world.time;
      const receipt = type === "purged" ? { type, share, at, opened } : { type, share, at };
      await caseworker.core.say(circle, randomId(), "said", encodeSaid(receipt), []);
    }
    caseworker.core.push(circle);
    await world.settle();
    expect(await endOf(child, share)).toBe("gone-opened");
  });

  test("in the case file it stays", async () => {
    const { world, child, caseworker } = await World.paired();
    const share = await shownTo(child, "Mette");
    await world.settle();
    await caseworker.sharing.keepInCaseFile(share);
    await world.settle();
    await child.sharing.takeBack(share);
    await world.settle();
    expect(await endOf(child, share)).toBe("in-case-file");
    expect(await caseworker.sharing.received()).toEqual([]);
  });

  test("decided in flight mode, closed before there was net", async () => {
    const { world, child, caseworker } = await World.paired();
    const share = await shownTo(child, "Mette");
    await world.settle();
    child.setOnline(false);
    await child.sharing.takeBack(share);
    await child.restart();
    await world.settle();
    expect(await endOf(child, share)).toBe("waiting");
    expect(await caseworker.sharing.received()).toHaveLength(1);
    child.setOnline(true);
    await world.settle();
    expect(await endOf(child, share)).toBe("gone-unopened");
    expect(world.server.spaces.get(await child.circle("Mette"))?.deleted.has(share)).toBe(true);
  });

  test("a Lomme that never comes back: after two months we can't know, and then it may still confirm", async () => {
    const { world, child, caseworker } = await World.paired();
    const share = await shownTo(child, "Mette");
    await world.settle();
    caseworker.setOnline(false);
    await child.sharing.takeBack(share);
    await world.settle();
    world.time += 59 * 24 * 3600 * 1000;
    expect(await endOf(child, share)).toBe("waiting");
    world.time += 2 * 24 * 3600 * 1000;
    expect(await endOf(child, share)).toBe("unknown");
    caseworker.setOnline(true);
    await world.settle();
    expect(await endOf(child, share)).toBe("gone-unopened");
  });

  test("twice is once; answers stay readable for the child, and nothing more can be said about it", async () => {
    const { world, child, caseworker } = await World.paired();
    const share = await shownTo(child, "Mette");
    await world.settle();
    await caseworker.sharing.answer(share, "læst");
    await world.settle();
    await child.sharing.takeBack(share);
    await world.settle();
    const head = world.server.spaces.get(await child.circle("Mette"))?.head;
    await child.sharing.takeBack(share);
    expect(await endOf(child, share)).toBe("gone-unopened");
    await world.settle();
    expect(world.server.spaces.get(await child.circle("Mette"))?.head).toBe(head);
    expect((await child.sharing.shares())[0]?.answers).toHaveLength(1);
    await expect(caseworker.sharing.answer(share, "mere")).rejects.toMatchObject({ code: "not-here" });
    await expect(child.sharing.answer(share, "mere")).rejects.toMatchObject({ code: "not-here" });
  });

  test("a tombstone that the owner didn't sign, or for another space, takes nothing", async () => {
    const { world, child, caseworker } = await World.paired();
    const carer = await world.add("Noah", "carer");
    await world.pair(child, carer);
    const share = await shownTo(child, "Mette");
    await world.settle();
    const [circle, other] = [await child.circle("Mette"), await child.circle("Noah")];
    const owner = (await child.core.spaceKeys(circle))?.ownerPrivate;
    const otherOwner = (await child.core.spaceKeys(other))?.ownerPrivate;
    if (owner == null || otherOwner == null) throw new Error("no owner keys");
    const forged = [
      signTombstone({ space: circle, document: share, gaps: [], number: 1 }, createOwnerKeys().privateKey),
      signTombstone({ space: circle, document: share, gaps: [], number: 1 }, otherOwner),
      signTombstone({ space: other, document: share, gaps: [], number: 1 }, owner),
    ];
    for (const tombstone of forged) {
      await caseworker.core.say(circle, randomId(), "control", encodeTombstoneControl(tombstone), []);
    }
    await world.settle();
    expect(await caseworker.sharing.received()).toHaveLength(1);
    expect((await child.sharing.shares())[0]?.steps.at(-1)?.step).toBe("arrived");
  });
});

describe("removing a person", () => {
  test("the circle is rotated: the removed device gets nothing new and is refused", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    const keysBefore = world.server.spaces.get(circle)?.keys;
    expect(world.server.wraps.size).toBe(1);
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    expect((await child.person("Mette")).state).toBe("removed");
    expect((await caseworker.person("Alma")).state).toBe("removed");
    expect(world.server.spaces.get(circle)?.epoch).toBe(2);
    expect(world.server.spaces.get(circle)?.keys.write).not.toEqual(keysBefore?.write);
    // The one that is left is for the child's own devices.
    expect(world.server.wraps.size).toBe(1);
    expect((await caseworker.core.spaceKeys(circle))?.epoch).toBe(1);
    expect((await child.core.spaceKeys(circle))?.epoch).toBe(2);
    expect(child.disk.spaces.get(circle)?.authors).toHaveLength(1);
    const checkpoints = (await child.core.records(circle)).flatMap(({ kind, payload }) => {
      const control = kind === "control" ? parseControl(payload) : null;
      return control?.type === "checkpoint" ? [parseCheckpoint(control.checkpoint)] : [];
    });
    expect(checkpoints.map(({ epoch, members }) => [epoch, members.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(checkpoints[1]?.frontier.length).toBeGreaterThan(0);
    const { document } = child.write({ text: "efter" });
    const mette = await child.personId("Mette");
    await expect(child.sharing.show(document, mette, plain)).rejects.toMatchObject({ code: "not-allowed" });
    // And no drop of theirs reaches the child's mailbox any more.
    const mine = [...world.server.boxes.values()].filter(({ mailbox }) => mailbox === child.disk.self.mailbox);
    expect(mine).toEqual([]);
  });

  test("with the server's help too: what is written afterwards doesn't open with what was had before", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    await child.core.say(circle, randomId(), "said", new TextEncoder().encode("til mig selv"), []);
    await world.settle();
    const there = caseworker.disk.spaces.get(circle);
    if (there === undefined) throw new Error("no space");
    there.ended = false;
    const before = (await caseworker.core.records(circle)).length;
    caseworker.core.pull(circle);
    expect(await caseworker.core.records(circle)).toHaveLength(before);
    for (const name of caseworker.disk.state.keys()) expect(name).not.toContain("rotation");
  });

  test("decided offline: nothing leaves until the rotation is acknowledged, over a restart too", async () => {
    const { world, child, caseworker } = await World.paired();
    child.setOnline(false);
    const share = await shownTo(child, "Mette", "skrevet før");
    const mette = await child.personId("Mette");
    await child.sharing.removePerson(mette);
    expect((await child.person("Mette")).state).toBe("removing");
    await child.restart();
    expect((await child.person("Mette")).state).toBe("removing");
    const circle = await child.circle("Mette");
    expect(child.disk.spaces.get(circle)?.held).toBe(true);
    child.setOnline(true);
    await world.settle();
    expect((await child.person("Mette")).state).toBe("removed");
    expect(child.disk.spaces.get(circle)?.held).toBe(false);
    expect(await endOf(child, share)).toBe("gone-unopened");
    expect(world.server.spaces.get(circle)?.records.some(({ document }) => document === share)).toBe(false);
    expect(await caseworker.sharing.received()).toEqual([]);
  });

  test("closed right after the decision: the outbox is held from the next start on", async () => {
    const { child } = await World.paired();
    child.setOnline(false);
    const share = await shownTo(child, "Mette");
    const circle = await child.circle("Mette");
    child.core.writesLeft = 1;
    await expect(child.sharing.removePerson(await child.personId("Mette"))).rejects.toThrow("closed");
    expect(child.disk.spaces.get(circle)?.held).toBe(false);
    await child.restart();
    expect(child.disk.spaces.get(circle)?.held).toBe(true);
    expect(await endOf(child, share)).toBe("gone-unopened");
  });

  test("what waited to be confirmed ends with 'we can't know'; what is taken back later too", async () => {
    const { world, child, caseworker } = await World.paired();
    const [first, second] = [await shownTo(child, "Mette"), await shownTo(child, "Mette")];
    await world.settle();
    caseworker.setOnline(false);
    await child.sharing.takeBack(first);
    await child.sharing.removePerson(await child.personId("Mette"));
    await child.sharing.takeBack(second);
    await world.settle();
    expect([await endOf(child, first), await endOf(child, second)]).toEqual(["unknown", "unknown"]);
    expect(world.server.spaces.get(await child.circle("Mette"))?.deleted).toEqual(new Set([first, second]));
  });

  test("a closing while their circle is being forgotten: it is forgotten at the next start", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    caseworker.core.writesLeft = 1;
    await caseworker.sharing.removePerson(await caseworker.personId("Alma"));
    expect((await caseworker.person("Alma")).state).toBe("removed");
    expect(await caseworker.core.spaceKeys(circle)).not.toBeNull();
    await caseworker.restart();
    await world.settle();
    expect(await caseworker.core.spaceKeys(circle)).toBeNull();
    // Parted from by the other, everything stays as it was.
    expect(await child.core.spaceKeys(circle)).not.toBeNull();
  });

  test("others keep their circles", async () => {
    const { world, child } = await World.paired();
    const carer = await world.add("Noah", "carer");
    await world.pair(child, carer);
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    await shownTo(child, "Noah");
    await world.settle();
    expect(await carer.sharing.received()).toHaveLength(1);
  });

  test.each([
    [1, 2],
    [Number.POSITIVE_INFINITY, 6],
  ])("what the other says in that moment is named too, and putting it off ends (%d times)", async (times, asked) => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    const { ask } = child.core;
    const seen: (number | null)[] = [];
    child.core.after = (_ms, call) => {
      child.core.pull(circle);
      queueMicrotask(call);
      return () => undefined;
    };
    child.core.ask = async (request) => {
      if (request.type === "rotate") {
        if (seen.length < times) {
          await caseworker.core.say(circle, randomId(), "said", new TextEncoder().encode("vent"), []);
          caseworker.core.push(circle);
        }
        seen.push(request.seen);
      }
      return ask.call(child.core, request);
    };
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    expect(seen).toHaveLength(asked);
    // Taken as it is only where it would be put off for ever.
    expect(seen.at(-1) === null).toBe(asked === 6);
    expect((await child.person("Mette")).state).toBe("removed");
    const [newest] = (await child.core.records(circle)).flatMap(({ kind, payload }) => {
      const control = kind === "control" ? parseControl(payload) : null;
      if (control?.type !== "checkpoint") return [];
      const checkpoint = parseCheckpoint(control.checkpoint);
      return checkpoint.epoch === 2 ? [checkpoint] : [];
    });
    const theirs = await caseworker.core.ownChain(circle);
    const { counter } = (await caseworker.core.reached(circle)).heads.find(({ chain }) => chain === theirs) ?? {
      counter: 0,
    };
    expect(newest?.frontier.find(({ chain }) => chain === theirs)?.counter).toBe(counter - (asked === 6 ? 1 : 0));
  });

  test("a server that was restored is asked for a rotation of its own: the number in the one before means another record", async () => {
    const { world, child } = await World.paired();
    const circle = await child.circle("Mette");
    const { ask } = child.core;
    const asked: { readonly op: string; readonly incarnation: unknown }[] = [];
    let answer: string | null = "connection-lost";
    child.core.ask = async (request, made) => {
      if (request.type === "rotate") asked.push({ op: request.record.opId, incarnation: made?.incarnation });
      return request.type === "rotate" && answer !== null ? answer : ask.call(child.core, request);
    };
    const before = world.server.incarnation;
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    await child.sharing.online();
    await world.settle();
    // The line only broke: the same once more.
    expect(asked.length).toBeGreaterThan(1);
    expect(new Set(asked.map(({ op }) => op)).size).toBe(1);
    expect(new Set(asked.map(({ incarnation }) => incarnation))).toEqual(new Set([before]));
    world.server.incarnation = "bb".repeat(16);
    answer = null;
    const first = asked.splice(0)[0]?.op;
    await child.sharing.online();
    await world.settle();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.op).not.toBe(first);
    expect(asked[0]?.incarnation).toBe(world.server.incarnation);
    expect((await child.person("Mette")).state).toBe("removed");
    expect(world.server.spaces.get(circle)?.epoch).toBe(2);
  });

  test("the answer to the rotation is lost: it is found to have held", async () => {
    const { world, child } = await World.paired();
    const { ask } = child.core;
    child.core.ask = async (request) => {
      const answer = await ask.call(child.core, request);
      if (request.type === "rotate") throw new Error("the line broke");
      return answer;
    };
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    expect((await child.person("Mette")).state).toBe("removing");
    child.core.ask = ask;
    const circle = await child.circle("Mette");
    expect(await child.sharing.rekey(circle, 1)).toMatchObject({ epoch: 2, right: "own" });
    await child.restart();
    await world.settle();
    expect((await child.person("Mette")).state).toBe("removed");
    expect(world.server.spaces.get(circle)?.epoch).toBe(2);
    expect((await child.core.spaceKeys(circle))?.epoch).toBe(2);
  });

  describe("while the circle is being renewed, with the person still in it", () => {
    /** A device of the child's was lost, and this one goes first with what follows. */
    const lose = (child: Actor) => Object.assign(child.disk.self, { pocketEpoch: 2, renews: true });

    async function rest(world: World): Promise<void> {
      for (let i = 0; i < 5; i++) {
        world.time += 60_000;
        await world.settle();
      }
    }

    async function expectOut(world: World, child: Actor, caseworker: Actor): Promise<void> {
      const circle = await child.circle("Mette");
      expect((await child.person("Mette")).state).toBe("removed");
      expect(world.server.spaces.get(circle)?.epoch).toBe(3);
      expect((await child.core.spaceKeys(circle))?.epoch).toBe(3);
      expect(child.disk.spaces.get(circle)?.authors).toHaveLength(1);
      expect((await caseworker.core.spaceKeys(circle))?.epoch).toBeLessThan(3);
      expect((await caseworker.person("Alma")).state).toBe("removed");
    }

    test("decided on the same device: it isn't done before an epoch without them", async () => {
      const { world, child, caseworker } = await World.paired();
      const circle = await child.circle("Mette");
      const mette = await child.personId("Mette");
      lose(child);
      const { ask } = child.core;
      const after: unknown[] = [];
      child.core.ask = async (request) => {
        const answer = await ask.call(child.core, request);
        if (request.type === "rotate" && request.epoch === 2 && after.length === 0) {
          after.push(answer);
          await child.sharing.removePerson(mette);
        }
        const { held } = child.disk.spaces.get(circle) ?? {};
        const { state } = await child.person("Mette");
        if (world.server.spaces.get(circle)?.epoch === 2) after.push([state, held]);
        return answer;
      };
      await child.sharing.renewCircles();
      await child.sharing.idle();
      after.push([(await child.person("Mette")).state, child.disk.spaces.get(circle)?.held]);
      await rest(world);
      expect(after[0]).toBe("done");
      for (const seen of after.slice(1)) expect(seen).toEqual(["removing", true]);
      await expectOut(world, child, caseworker);
    });

    test("a second device is lost before the first renewal is done: what waits goes on waiting", async () => {
      const { world, child } = await World.paired();
      const circle = await child.circle("Mette");
      lose(child);
      const { ask } = child.core;
      child.core.ask = async (request) => {
        if (request.type === "rotate") Object.assign(child.disk.self, { losing: true });
        return ask.call(child.core, request);
      };
      await child.sharing.renewCircles();
      await rest(world);
      expect(world.server.spaces.get(circle)?.epoch).toBe(2);
      expect(child.disk.spaces.get(circle)?.held).toBe(true);
      child.core.ask = ask;
      Object.assign(child.disk.self, { losing: false, pocketEpoch: 3 });
      await child.sharing.renewCircles();
      expect(world.server.spaces.get(circle)?.epoch).toBe(3);
      expect(child.disk.spaces.get(circle)?.held).toBe(false);
    });

    test("two devices of the other's say their card at once: they name one key, and both sign with it", async () => {
      const { world, child, caseworker: laptop } = await World.paired();
      const circle = await child.circle("Mette");
      const phone = await world.addDevice(laptop);
      await world.settle();
      // What either writes doesn't reach the other in time.
      Object.assign(phone.disk, { state: new Map(laptop.disk.state) });
      for (const device of [laptop, phone]) lose(device);
      for (const device of [laptop, phone]) await device.sharing.renewCircles();
      await rest(world);
      expect(world.server.spaces.get(circle)?.epoch).toBe(2);
      const signers = child.disk.spaces.get(circle)?.authors.map(toHex) ?? [];
      const { privateKey } = createAuthorKeys();
      for (const device of [laptop, phone]) {
        const keys = await device.core.spaceKeys(circle);
        expect(keys?.epoch).toBe(2);
        expect(signers).toContain(toHex(authorPair(keys?.authorPrivate ?? privateKey).publicKey));
      }
    });

    test("decided without net, while another device renews: the epoch that keeps them in isn't taken for ours", async () => {
      const { world, child: tablet, caseworker } = await World.paired();
      const circle = await tablet.circle("Mette");
      const phone = await world.addDevice(tablet);
      await world.settle();
      // What either writes reaches the other only below.
      Object.assign(phone.disk, { state: new Map(tablet.disk.state) });
      const { ask } = tablet.core;
      tablet.core.ask = async (request) => {
        if (request.type === "rotate") throw new Error("the line broke");
        return ask.call(tablet.core, request);
      };
      await tablet.sharing.removePerson(await tablet.personId("Mette"));
      await tablet.sharing.idle();
      tablet.setOnline(false);
      tablet.core.ask = ask;
      lose(phone);
      await phone.sharing.renewCircles();
      expect(world.server.spaces.get(circle)?.epoch).toBe(2);
      await world.settle();
      expect((await caseworker.core.spaceKeys(circle))?.epoch).toBe(2);
      phone.setOnline(false);

      const row = JSON.parse(tablet.disk.state.get(`circle/${circle}`) ?? "{}");
      expect(row.rotation).not.toBeNull();
      const { epochs, under, newest, latest, head } = JSON.parse(phone.disk.state.get(`circle/${circle}`) ?? "{}");
      tablet.disk.state.set(`circle/${circle}`, JSON.stringify({ ...row, epochs, under, newest, latest, head }));
      await tablet.sharing.rowsArrived();
      tablet.setOnline(true);
      await tablet.sharing.online();
      await tablet.sharing.idle();
      expect(tablet.disk.spaces.get(circle)?.held).toBe(true);
      await rest(world);
      await expectOut(world, tablet, caseworker);
    });
  });

  test("an adult who leaves forgets the circle; somebody who never joined leaves no trace", async () => {
    const { world, child, caseworker } = await World.paired();
    const circle = await child.circle("Mette");
    await caseworker.sharing.removePerson(await caseworker.personId("Alma"));
    expect((await caseworker.person("Alma")).state).toBe("removed");
    expect(caseworker.disk.spaces.has(circle)).toBe(false);
    await caseworker.restart();
    expect(caseworker.disk.spaces.has(circle)).toBe(false);
    const carer = await world.add("Noah", "carer");
    const { payload } = await child.sharing.invite("scan");
    child.setOnline(false);
    const alma = await carer.sharing.join(payload, "scan");
    await carer.sharing.removePerson(alma);
    expect(await carer.sharing.people()).toEqual([]);
  });
});

describe("the roster", () => {
  async function ownerOf(child: Actor) {
    const circle = await child.circle("Mette");
    const row = JSON.parse(child.disk.state.get(`circle/${circle}`) ?? "{}");
    const genesis = Uint8Array.from(Buffer.from(row.genesis.$b, "base64url")) as Checkpoint;
    const owner = (await child.core.spaceKeys(circle))?.ownerPrivate;
    if (owner == null) throw new Error("no owner key");
    return { circle, genesis, fields: parseCheckpoint(genesis), owner };
  }

  test("noise in place of a checkpoint stops nobody; only the owner's word changes who belongs", async () => {
    const { world, child, caseworker } = await World.paired();
    const { circle, fields, genesis } = await ownerOf(child);
    const alone = { ...fields, number: 1, previous: hashCheckpoint(genesis), members: fields.members.slice(0, 1) };
    const forged = signCheckpoint(alone, createOwnerKeys().privateKey);
    for (const noise of [Uint8Array.of(1), encodeCheckpointControl(forged)]) {
      await caseworker.core.say(circle, randomId(), "control", noise, []);
    }
    await world.settle();
    expect(child.disk.spaces.get(circle)?.authors).toHaveLength(2);
    await shownTo(child, "Mette");
    await world.settle();
    expect(await caseworker.sharing.received()).toHaveLength(1);
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    expect((await child.person("Mette")).state).toBe("removed");
  });

  test("a server that holds the newest checkpoint back takes nobody to the older roster", async () => {
    const { world, child } = await World.paired();
    await child.sharing.removePerson(await child.personId("Mette"));
    await world.settle();
    const circle = await child.circle("Mette");
    const there = child.disk.spaces.get(circle);
    if (there === undefined) throw new Error("no space");
    expect(there.authors).toHaveLength(1);
    there.log = there.log.filter(({ fields }) => fields.counter < 2);
    await child.restart();
    await child.sharing.recordsChanged(circle);
    expect(there.authors).toHaveLength(1);
  });

  test("two histories signed by the owner: the circle is read-only from then on", async () => {
    const { world, child, caseworker } = await World.paired();
    const { circle, fields, genesis, owner } = await ownerOf(child);
    const next = { ...fields, number: 1, previous: hashCheckpoint(genesis) };
    const other = { ...next, members: fields.members.slice(0, 1) };
    for (const checkpoint of [signCheckpoint(next, owner), signCheckpoint(other, owner)]) {
      await child.core.say(circle, randomId(), "control", encodeCheckpointControl(checkpoint), []);
    }
    await world.settle();
    expect(caseworker.disk.spaces.get(circle)?.held).toBe(true);
    await expect(shownTo(child, "Mette")).rejects.toMatchObject({ code: "not-allowed" });
  });
});

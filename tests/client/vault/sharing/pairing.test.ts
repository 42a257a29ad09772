import { describe, expect, test } from "vitest";
import { TransportError } from "../../../../client/vault/ports.ts";
import { encodeSaid } from "../../../../client/vault/sharing/payloads.ts";
import { createDropKey, dropKeyFromSeed } from "../../../../crypto/capabilities.ts";
import { randomId } from "../../../../crypto/ids.ts";
import { encodeInvitation, parseInvitation } from "../../../../crypto/invitation.ts";
import { toHex } from "../../../../crypto/sodium.ts";
import { type Actor, World } from "./world.ts";

async function two(): Promise<{ world: World; child: Actor; caseworker: Actor }> {
  const world = await World.create();
  return { world, child: await world.add("Alma", "child"), caseworker: await world.add("Mette", "caseworker") };
}

const stateOf = async (actor: Actor, name: string) => (await actor.person(name)).state;

describe("by scanning", () => {
  test.each(["child invites", "caseworker invites"])("%s: both are paired in one circle of the child", async (who) => {
    const { world, child, caseworker } = await two();
    await (who === "child invites" ? world.pair(child, caseworker) : world.pair(caseworker, child));
    const [mette, alma] = [await child.person("Mette"), await caseworker.person("Alma")];
    expect([mette.state, alma.state]).toEqual(["paired", "paired"]);
    expect([mette.role, alma.role]).toEqual(["caseworker", "child"]);
    expect(mette.safetyPictures).toHaveLength(7);
    expect(mette.safetyPictures).toEqual(alma.safetyPictures);
    expect(mette.circle).not.toBeNull();
    expect(mette.circle).toBe(alma.circle);
    const circle = await child.circle("Mette");
    expect((await child.core.spaceKeys(circle))?.right).toBe("own");
    const theirs = await caseworker.core.spaceKeys(circle);
    expect(theirs?.right).toBe("write");
    expect(theirs?.ownerPrivate).toBeNull();
    expect(caseworker.disk.spaces.get(circle)?.authors).toHaveLength(2);
  });

  test("the invitation takes nobody else, and ends", async () => {
    const { world, child, caseworker } = await two();
    const stranger = await world.add("Noah", "carer");
    const { payload } = await child.sharing.invite("scan");
    await caseworker.sharing.join(payload, "scan");
    await expect(stranger.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-used" });
    expect(await stranger.sharing.people()).toEqual([]);
    await world.settle();
    expect((await child.sharing.people()).map(({ name }) => name)).toEqual(["Mette"]);
    const key = toHex(dropKeyFromSeed(parseInvitation(payload).dropSeed).publicKey);
    expect(world.server.boxes.has(key)).toBe(false);
    expect([...child.disk.state.keys()].filter((name) => name.startsWith("invitation/"))).toEqual([]);
    await expect(stranger.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-used" });
  });

  test("a server that lets a second request through changes nothing", async () => {
    const { world, child, caseworker } = await two();
    const stranger = await world.add("Noah", "carer");
    const { payload } = await child.sharing.invite("scan");
    await caseworker.sharing.join(payload, "scan");
    for (const box of world.server.boxes.values()) box.used = false;
    await stranger.sharing.join(payload, "scan");
    await world.settle();
    expect((await child.sharing.people()).map(({ name }) => name)).toEqual(["Mette"]);
    expect(await stateOf(stranger, "Alma")).toBe("joining");
  });

  test("opened twice, it is one person", async () => {
    const { child, caseworker } = await two();
    const { payload } = await child.sharing.invite("scan");
    const first = await caseworker.sharing.join(payload, "scan");
    expect(await caseworker.sharing.join(payload, "scan")).toBe(first);
  });
});

describe("by link", () => {
  test.each([
    ["link", "link"],
    ["link", "scan"],
    ["scan", "link"],
  ] as const)("invited by %s, joined by %s: both compare before anything else", async (invited, joined) => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite(invited);
    await caseworker.sharing.join(payload, joined);
    await world.settle();
    expect([await stateOf(child, "Mette"), await stateOf(caseworker, "Alma")]).toEqual(["compare", "compare"]);
    expect((await child.person("Mette")).safetyPictures).toEqual((await caseworker.person("Alma")).safetyPictures);
    expect((await child.person("Mette")).circle).toBeNull();
    const options = { notSafeForParents: false, withMoods: false, photos: [] };
    const { document } = child.write({ text: "endnu ikke" });
    const mette = await child.personId("Mette");
    await expect(child.sharing.show(document, mette, options)).rejects.toMatchObject({ code: "not-allowed" });

    await child.sharing.confirmPictures(mette, true);
    await world.settle();
    expect(await stateOf(caseworker, "Alma")).toBe("compare");
    expect((await caseworker.person("Alma")).circle).toBeNull();

    await caseworker.sharing.confirmPictures(await caseworker.personId("Alma"), true);
    await world.settle();
    expect((await caseworker.person("Alma")).circle).toBe(await child.circle("Mette"));
  });

  test("an unused invitation is forgotten a month after its end", async () => {
    const { world, child } = await two();
    const { expiresAt } = await child.sharing.invite("link");
    const left = () => [...child.disk.state.keys()].filter((name) => name.startsWith("invitation/")).length;
    world.time = expiresAt + 29 * 24 * 3600 * 1000;
    await child.restart();
    expect(left()).toBe(1);
    world.time += 2 * 24 * 3600 * 1000;
    await child.restart();
    expect(left()).toBe(0);
  });

  test("without saying how, it counts as a link", async () => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite();
    await caseworker.sharing.join(payload, "scan");
    await world.settle();
    expect(await stateOf(child, "Mette")).toBe("compare");
  });

  test("other pictures: nothing is left, and the key to my mailbox is closed", async () => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite("link");
    await caseworker.sharing.join(payload, "link");
    await world.settle();
    const boxes = [...world.server.boxes.values()].filter(({ mailbox }) => mailbox === child.disk.self.mailbox);
    expect(boxes).toHaveLength(1);
    await child.sharing.confirmPictures(await child.personId("Mette"), false);
    await world.settle();
    expect(await child.sharing.people()).toEqual([]);
    expect([...world.server.boxes.values()].some(({ mailbox }) => mailbox === child.disk.self.mailbox)).toBe(false);
    expect((await caseworker.person("Alma")).circle).toBeNull();
  });

  test("somebody in the middle of the link shows other pictures on the two sides", async () => {
    const { world, child, caseworker } = await two();
    const middle = await world.add("Mette", "caseworker");
    const first = await child.sharing.invite("link");
    await middle.sharing.join(first.payload, "scan");
    const second = await middle.sharing.invite("scan");
    await caseworker.sharing.join(second.payload, "link");
    await world.settle();
    const [seenByChild, seenByCaseworker] = [await child.person("Mette"), (await caseworker.sharing.people())[0]];
    expect([seenByChild.state, seenByCaseworker?.state]).toEqual(["compare", "compare"]);
    expect(seenByChild.safetyPictures).not.toEqual(seenByCaseworker?.safetyPictures);
  });
});

describe("refused with a code", () => {
  test("expired, by our clock", async () => {
    const { world, child, caseworker } = await two();
    const { payload, expiresAt } = await child.sharing.invite("scan");
    world.time = expiresAt;
    await expect(caseworker.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-expired" });
  });

  test("expired a second ago is expired, a second before is not", async () => {
    const { world, child, caseworker } = await two();
    const { payload, expiresAt } = await child.sharing.invite("link");
    world.time = expiresAt - 1000;
    await expect(caseworker.sharing.join(payload, "link")).resolves.toMatch(/^[0-9a-f]{32}$/);
  });

  test.each(["", "hej", "AQ", "A".repeat(158)])("broken: %j", async (payload) => {
    const { caseworker } = await two();
    await expect(caseworker.sharing.join(payload, "link")).rejects.toMatchObject({ code: "invitation-broken" });
  });

  test("the card behind it was changed", async () => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite("scan");
    for (const [key, box] of world.server.boxes) {
      const attachment = box.drop.attachment.slice();
      attachment[attachment.length - 1] = (attachment.at(-1) ?? 0) ^ 1;
      world.server.boxes.set(key, { ...box, drop: { ...box.drop, attachment } });
    }
    await expect(caseworker.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-broken" });
  });

  test("a key the server doesn't know", async () => {
    const { world, child, caseworker } = await two();
    const invitation = parseInvitation((await child.sharing.invite("scan")).payload);
    const payload = encodeInvitation({ ...invitation, dropSeed: createDropKey().seed });
    await expect(caseworker.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "invitation-used" });
    expect(world.server.mail.size).toBe(0);
  });

  test("one's own", async () => {
    const { child } = await two();
    const { payload } = await child.sharing.invite("scan");
    await expect(child.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "not-allowed" });
  });

  test("offline, both ways", async () => {
    const { child, caseworker } = await two();
    const { payload } = await child.sharing.invite("scan");
    child.setOnline(false);
    caseworker.setOnline(false);
    await expect(child.sharing.invite("scan")).rejects.toMatchObject({ code: "offline" });
    await expect(caseworker.sharing.join(payload, "scan")).rejects.toMatchObject({ code: "offline" });
  });

  test("the connection stands and the server says nothing: after ten seconds nobody waits any longer", async () => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite("scan");
    for (const { core } of [child, caseworker]) core.ask = () => new Promise(() => undefined);
    const inviting = child.sharing.invite("scan");
    const joining = caseworker.sharing.join(payload, "scan");
    await new Promise((resolve) => setTimeout(resolve, 50));
    world.time += 10_000;
    child.core.ring();
    caseworker.core.ring();
    await expect(inviting).rejects.toMatchObject({ code: "offline" });
    expect(await joining).toBe(await caseworker.personId("Alma"));
    expect(await stateOf(caseworker, "Alma")).toBe("joining");
  });

  test("comparing pictures with nobody, or when there is nothing to compare", async () => {
    const { child } = await World.paired();
    const nobody = "00".repeat(16) as Awaited<ReturnType<typeof child.personId>>;
    await expect(child.sharing.confirmPictures(nobody, true)).rejects.toMatchObject({ code: "unknown-person" });
    const mette = await child.personId("Mette");
    await expect(child.sharing.confirmPictures(mette, false)).rejects.toMatchObject({ code: "not-allowed" });
  });
});

describe("drops", () => {
  test("each one delivered twice changes nothing", async () => {
    const { world, child, caseworker } = await two();
    const delivered: { actor: Actor; key: Uint8Array; bytes: Uint8Array }[] = [];
    for (const actor of [child, caseworker]) {
      const { dropped } = actor.sharing;
      actor.sharing.dropped = async (key, bytes) => {
        delivered.push({ actor, key, bytes });
        await dropped(key, bytes);
        await dropped(key, bytes);
      };
    }
    await world.pair(child, caseworker);
    // Request and finish to the child, answer and introduction to the caseworker.
    expect(delivered).toHaveLength(4);
    const before = [...child.disk.state, ...caseworker.disk.state].length;
    for (const { actor, key, bytes } of [...delivered]) await actor.sharing.dropped(key, bytes);
    await world.settle();
    expect([...child.disk.state, ...caseworker.disk.state]).toHaveLength(before);
    expect((await child.sharing.people()).map(({ state }) => state)).toEqual(["paired"]);
    expect((await caseworker.sharing.people()).map(({ state }) => state)).toEqual(["paired"]);
    expect([...child.disk.spaces.keys()]).toHaveLength(2);
  });

  test("swapped between mailboxes and keys, or damaged, they change nothing", async () => {
    const { world, child, caseworker } = await two();
    const stranger = await world.add("Noah", "carer");
    const mail: Uint8Array[] = [];
    const { drop } = world.server;
    world.server.drop = (key, sealed) => {
      mail.push(sealed);
      drop.call(world.server, key, sealed);
    };
    await world.pair(child, caseworker);
    await world.pair(child, stranger);
    expect(mail).toHaveLength(8);
    const snapshot = () => JSON.stringify([child, caseworker, stranger].map(({ disk }) => [...disk.state]));
    const before = snapshot();
    for (const actor of [child, caseworker, stranger]) {
      for (const [key, box] of world.server.boxes) {
        if (box.mailbox !== actor.disk.self.mailbox) continue;
        const bytes = Uint8Array.from(key.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16));
        for (const sealed of mail) {
          await actor.sharing.dropped(bytes, sealed);
          await actor.sharing.dropped(bytes, sealed.slice(0, -1));
        }
      }
      await actor.sharing.dropped(createDropKey().publicKey, mail[0] ?? new Uint8Array());
    }
    expect(snapshot()).toBe(before);
  });
});

describe("a pairing in the middle of which a device was lost", () => {
  test.each(["scan", "link"] as const)("by %s: both are told, and find each other again", async (by) => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite(by);
    await caseworker.sharing.join(payload, by);
    caseworker.setOnline(false);
    await world.settle();
    expect(await stateOf(child, "Mette")).toBe("joining"); // answered
    await child.sharing.endUnfinished(); // the device that answered was lost
    await world.settle();
    expect(await child.sharing.people()).toMatchObject([{ name: "Mette", state: "unfinished", safetyPictures: null }]);

    caseworker.setOnline(true);
    await world.settle();
    expect(await stateOf(caseworker, "Alma")).toBe("unfinished");
    const mette = await child.personId("Mette");
    const { document } = child.write({ text: "endnu ikke" });
    const options = { notSafeForParents: false, withMoods: false, photos: [] };
    await expect(child.sharing.show(document, mette, options)).rejects.toMatchObject({ code: "not-allowed" });
    await caseworker.restart();
    expect(await stateOf(caseworker, "Alma")).toBe("unfinished");

    await world.pair(child, caseworker);
    for (const one of [child, caseworker]) {
      const all = await one.sharing.people();
      expect(all.map(({ state }) => state)).toEqual(["paired"]);
      expect(all[0]?.circle).not.toBeNull();
    }
  });

  test("while both compare the pictures: the other is told, whichever lost the device", async () => {
    const { world, child, caseworker } = await two();
    for (const [loser, other, name] of [
      [child, caseworker, "Alma"],
      [caseworker, child, "Mette"],
    ] as const) {
      const { payload } = await child.sharing.invite("link");
      await caseworker.sharing.join(payload, "link");
      await world.settle();
      expect(await stateOf(other, name)).toBe("compare");
      await loser.sharing.endUnfinished();
      await world.settle();
      expect(await stateOf(other, name)).toBe("unfinished");
      for (const one of [child, caseworker]) {
        for (const { id } of await one.sharing.people()) await one.sharing.removePerson(id);
      }
    }
  });

  test.each([true, false])(
    "one whose end nobody acknowledged goes on, the word of it heard before: %s",
    async (before) => {
      const { world, child, caseworker } = await two();
      const { drop } = child.core;
      let drops = 0;
      // The answer's answer comes, the introduction's doesn't.
      child.core.drop = async (...given) => {
        await drop.apply(child.core, given);
        if (++drops > 1) throw new TransportError("offline");
      };
      await world.pair(child, caseworker);
      expect(await stateOf(caseworker, "Alma")).toBe("paired");
      const circle = await child.circle("Mette");
      child.setOnline(before);
      const word = encodeSaid({ type: "answer", share: randomId(), at: world.time, text: "Hej" });
      await caseworker.core.say(circle, randomId(), "said", word, []);
      await world.settle();
      await caseworker.sharing.endUnfinished();
      world.time += 600_000;
      await world.settle();
      if (before) expect(await stateOf(child, "Mette")).toBe("paired");
      child.core.drop = drop;
      child.setOnline(true);
      await child.restart();
      await child.sharing.online();
      await child.sharing.idle();
      expect(await stateOf(child, "Mette")).toBe(before ? "paired" : "unfinished");
      await world.settle();
      expect(await child.core.listState("errand/person")).toEqual([]);
      expect(await stateOf(child, "Mette")).toBe("paired");
      const { document } = child.write({ text: "hej" });
      const options = { notSafeForParents: false, withMoods: false, photos: [] };
      await child.sharing.show(document, await child.personId("Mette"), options);
      await world.settle();
      expect(await caseworker.sharing.received()).toHaveLength(1);
    },
  );

  test("one that is left unfinished can be taken out of the list", async () => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite("scan");
    await caseworker.sharing.join(payload, "scan");
    caseworker.setOnline(false);
    await world.settle();
    await child.sharing.endUnfinished();
    await child.sharing.removePerson(await child.personId("Mette"));
    expect(await child.sharing.people()).toEqual([]);
  });

  test("where nothing of it is known any more, it is said after a day (a link: a week), and goes on should it come", async () => {
    const { world, child, caseworker } = await two();
    const { payload } = await child.sharing.invite("scan");
    await caseworker.sharing.join(payload, "scan");
    await child.sync(); // answers
    await caseworker.sync(); // finishes: paired, and waits to be introduced
    child.setOnline(false);
    await caseworker.sync();
    expect(await caseworker.person("Alma")).toMatchObject({ state: "paired", circle: null });
    world.time += 25 * 3600 * 1000;
    expect(await stateOf(caseworker, "Alma")).toBe("unfinished");
    child.setOnline(true);
    await world.settle();
    expect(await stateOf(caseworker, "Alma")).toBe("paired");
    expect((await caseworker.person("Alma")).circle).not.toBeNull();
  });
});

describe("two children who each invited the other", () => {
  test("are each two rows that name one another, until one of them goes; nobody else has such a pair", async () => {
    const world = await World.create();
    const [alma, noah] = [await world.add("Alma", "child"), await world.add("Noah", "child")];
    const mette = await world.add("Mette", "caseworker");
    await world.pair(alma, noah);
    await world.pair(alma, mette);
    expect((await alma.sharing.people()).map(({ sameAs }) => sameAs)).toEqual([null, null]);

    await world.pair(noah, alma);
    for (const child of [alma, noah]) {
      const rows = (await child.sharing.people()).filter(({ role }) => role === "child");
      const [mine, theirs] = [rows.find(({ maySee }) => maySee), rows.find(({ maySee }) => !maySee)];
      expect(rows).toHaveLength(2);
      expect(mine?.sameAs).toBe(theirs?.id);
      expect(theirs?.sameAs).toBe(mine?.id);
    }
    const [theirs] = (await noah.sharing.people()).filter(({ maySee }) => !maySee);
    if (theirs === undefined) throw new Error("Alma's circle isn't there");
    await noah.sharing.removePerson(theirs.id);
    expect((await noah.sharing.people()).map(({ sameAs }) => sameAs)).toEqual([null, null]);
    expect((await mette.sharing.people()).map(({ sameAs }) => sameAs)).toEqual([null]);
  });
});

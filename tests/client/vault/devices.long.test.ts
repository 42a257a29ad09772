/**
 * Several devices of one person over the real server, the real sync and the real crypto: linking, the card on an empty
 * browser, waits that are seen and stopped, sharing from either device.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { VaultApi } from "../../../client/vault/api.ts";
import { LINK_MS } from "../../../client/vault/link-messages.ts";
import type { Pocket } from "../../../client/vault/pocket.ts";
import { TransportError } from "../../../client/vault/ports.ts";
import type { DocumentTag } from "../../../crypto/types.ts";
import { PICTURES, until } from "./device.ts";
import { openPage } from "./page.ts";
import {
  ABOUT,
  emptyBrowser,
  endWorld,
  HERE,
  link,
  pages,
  pair,
  passWaits,
  person,
  settled,
  startWorld,
  write,
} from "./several.ts";

beforeAll(startWorld);
afterAll(endWorld);

const options = { notSafeForParents: false, withMoods: true, photos: [] };

describe("several devices", () => {
  it("a linked device has everything, and what either writes and shows is on both", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const first = await write(alma.vault, "Jeg savner min hund");
    const photo = await alma.vault.addPhoto(first, new Blob([new Uint8Array(150_000).fill(7)]));
    await alma.vault.show(first, adultAtChild, options);
    await settled(alma.vault);

    const phone = await link(alma.vault);
    await until(async () => (await phone.vault.timeline("entry"))[0]?.excerpt === "Jeg savner min hund", 15_000);
    expect((await phone.vault.profile()).role).toBe("child");
    // What a list shows is fetched at once; what stands in an entry, when it is open.
    expect((await phone.vault.readBlob(photo.thumbnail)).size).toBe(100);
    pages.push(await openPage(phone.vault, first));
    expect((await phone.vault.readBlob(photo.full)).size).toBe(150_000);
    await until(async () => (await phone.vault.profile()).name === "Alma", 15_000);
    const people = await until(async () => {
      const all = await phone.vault.people();
      return all[0]?.state === "paired" ? all : null;
    }, 15_000);
    expect(people).toMatchObject([{ name: "Mette", id: adultAtChild }]);
    for (const vault of [alma.vault, phone.vault]) {
      await until(async () => (await vault.devices()).length === 2, 15_000);
      expect((await vault.devices()).filter(({ isThis }) => isThis)).toHaveLength(1);
    }

    // A third one, while both others empty the same mailbox.
    const laptop = await link(phone.vault);
    await until(async () => (await laptop.vault.timeline("entry")).length === 1, 15_000);
    for (const { vault } of [alma, phone]) await until(async () => (await vault.devices()).length === 3, 15_000);

    // The phone shows, the tablet sees it among its shares and takes it back.
    const second = await write(phone.vault, "Jeg vil gerne bo hos Noah");
    const share = await phone.vault.show(second, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === 2, 20_000);
    await until(async () => (await alma.vault.shares()).some(({ id }) => id === share), 20_000);
    await alma.vault.takeBack(share);
    await until(async () => (await mette.vault.received()).length === 1, 20_000);
    await until(
      async () => (await phone.vault.shares()).find(({ id }) => id === share)?.takeBack?.startsWith("gone"),
      20_000,
    );
  }, 120_000);

  it("what one device is still to send another neither clears away nor calls gone, and takes back for good", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const phone = await link(alma.vault);
    await until(async () => (await phone.vault.people())[0]?.state === "paired", 20_000);
    const document = await write(alma.vault, "Fra bussen");
    const photo = await alma.vault.addPhoto(document, new Blob([new Uint8Array(150_000).fill(7)]));
    await settled(alma.vault);
    const { http } = alma.device;
    if (http === null) throw new Error("no server");
    const { putChunk } = http;
    // The row leaves at once, the copy only after its photo.
    http.putChunk = async () => Promise.reject(new TransportError("offline"));
    const share = await alma.vault.show(document, adultAtChild, { ...options, photos: [photo.full.blob] });
    const isListed = async (vault: VaultApi) => (await vault.shares()).some(({ id }) => id === share);
    await until(() => isListed(phone.vault), 20_000);

    for (const stop of phone.device.stops.splice(0)) await stop();
    const again = phone.device.start();
    await again.unlock(phone.id, PICTURES);
    await settled(again);
    expect(await isListed(again)).toBe(true);
    const endOf = async (vault: VaultApi) => (await vault.shares()).find(({ id }) => id === share)?.takeBack;
    await again.takeBack(share);
    await until(async () => (await endOf(alma.vault)) === "gone-unopened", 20_000);
    http.putChunk = putChunk;
    await until(async () => (await endOf(again)) === "gone-unopened", 20_000);
    await settled(alma.vault);
    await settled(mette.vault);
    expect(await mette.vault.received()).toEqual([]);
  }, 60_000);

  it("what one device deletes goes from the others, and to nobody it looks like something withheld", async () => {
    const alma = await person("child", "Alma");
    const kept = await write(alma.vault, "Det beholder jeg");
    const gone = await write(alma.vault, "Det skal vaek");
    await settled(alma.vault);
    const phone = await link(alma.vault);
    await until(async () => (await phone.vault.timeline("entry")).length === 2, 15_000);

    await alma.vault.removeDocument(gone);
    await settled(alma.vault);
    const tagsOf = async (vault: VaultApi) => (await vault.timeline("entry")).map(({ document }) => document);
    await until(async () => (await tagsOf(phone.vault)).length === 1, 15_000);
    expect(await tagsOf(phone.vault)).toEqual([kept]);
    expect((await phone.vault.search("vaek", {}, 5)).hits).toEqual([]);

    // Each device deletes one more that the other has; both are gone from both.
    const more = [await write(alma.vault, "Mere fra den ene"), await write(phone.vault, "Mere fra den anden")];
    for (const { vault } of [alma, phone]) await until(async () => (await tagsOf(vault)).length === 3, 15_000);
    await alma.vault.removeDocument(more[1] as DocumentTag);
    await phone.vault.removeDocument(more[0] as DocumentTag);
    for (const { vault } of [alma, phone]) await until(async () => (await tagsOf(vault)).length === 1, 15_000);

    // One that comes only now misses nothing.
    const laptop = await link(phone.vault);
    await until(async () => (await tagsOf(laptop.vault)).length === 1, 15_000);
    expect(await tagsOf(laptop.vault)).toEqual([kept]);
    for (const { vault } of [alma, phone, laptop]) {
      await settled(vault);
      expect((await vault.syncState()).problem).toBeNull();
    }
  }, 120_000);

  it("the caseworker's two devices both answer; gone means gone from both", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const phone = await link(mette.vault);
    await until(async () => (await phone.vault.people())[0]?.state === "paired", 20_000);
    const document = await write(alma.vault, "Vi har ikke talt sammen laenge");
    const share = await alma.vault.show(document, adultAtChild, options);
    for (const vault of [mette.vault, phone.vault]) {
      await until(async () => (await vault.received()).length === 1, 20_000);
    }
    await mette.vault.answer(share, "Jeg kommer i morgen.");
    await phone.vault.answer(share, "Klokken ti.");
    await until(async () => (await alma.vault.shares())[0]?.answers.length === 2, 20_000);
    await settled(mette.vault);
    await settled(phone.vault);

    // One of the two is away: what it has can't be gone yet.
    for (const stop of phone.device.stops.splice(0)) await stop();
    await alma.vault.takeBack(share);
    await until(async () => (await mette.vault.received()).length === 0, 20_000);
    await settled(mette.vault);
    await settled(alma.vault);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await alma.vault.shares())[0]?.takeBack).toBe("waiting");
    const again = phone.device.start();
    await again.unlock(phone.id, PICTURES);
    await until(async () => (await again.received()).length === 0, 20_000);
    await until(async () => (await alma.vault.shares())[0]?.takeBack?.startsWith("gone"), 20_000);
  }, 120_000);

  it("the card alone brings everything back on an empty browser, after its wait", async () => {
    const alma = await person("child", "Alma");
    const mette = await person("caseworker", "Mette");
    const { adultAtChild } = await pair(alma.vault, mette.vault);
    const card = await alma.vault.makeCard();
    const document = await write(alma.vault, "Min mor ringede");
    await alma.vault.show(document, adultAtChild, options);
    await until(async () => (await alma.vault.cardReach()) === "everywhere", 20_000);
    await settled(alma.vault);
    for (const stop of alma.device.stops.splice(0)) await stop();

    const fresh = await emptyBrowser();
    expect(await fresh.vault.restore(card)).toMatchObject({ step: "waiting" });
    await expect(fresh.vault.finishRestore(HERE)).rejects.toMatchObject({ code: "not-allowed" });
    await passWaits();
    expect(await fresh.vault.restore(card)).toEqual({ step: "ready", role: "child" });
    await fresh.vault.finishRestore(HERE);
    await fresh.vault.confirmCode(PICTURES);
    await until(async () => (await fresh.vault.timeline("entry"))[0]?.excerpt === "Min mor ringede", 20_000);
    await until(async () => (await fresh.vault.people())[0]?.state === "paired", 20_000);
    await until(async () => (await fresh.vault.shares()).length === 1, 20_000);
    const seen = () => fresh.vault.events.flatMap((event) => (event.type === "sync" ? [event.state.catchingUp] : []));
    expect(seen().filter((state) => state !== null)).not.toEqual([]);
    expect(await until(async () => (await fresh.vault.syncState()).catchingUp === null)).toBe(true);
    const later = await write(fresh.vault, "Jeg er her igen");
    await fresh.vault.show(later, adultAtChild, options);
    await until(async () => (await mette.vault.received()).length === 2, 20_000);
  }, 120_000);

  it("a living device sees the wait and ends the card; a forgotten code's own device gets in after the wait", async () => {
    const alma = await person("child", "Alma");
    const card = await alma.vault.makeCard();
    await until(async () => (await alma.vault.cardReach()) === "everywhere", 20_000);

    const thief = await emptyBrowser();
    expect(await thief.vault.restore(card)).toMatchObject({ step: "waiting" });
    const [wait] = await until(async () => {
      const waits = await alma.vault.waits();
      return waits.length > 0 ? waits : null;
    }, 15_000);
    if (wait === undefined) throw new Error("no wait");
    const wrong = { kind: "pictures", pictures: [0, 0, 0, 0, 0, 0, 0] } as const;
    await expect(alma.vault.stopWait(wait.id, wrong)).rejects.toMatchObject({ code: "wrong-code" });
    await alma.vault.stopWait(wait.id, PICTURES);
    expect(await alma.vault.cardState()).toBe("none");
    await expect(thief.vault.restore(card)).rejects.toMatchObject({ code: "card-ended" });

    const next = await alma.vault.makeCard();
    await write(alma.vault, "Ikke sendt endnu");
    await until(async () => (await alma.vault.cardReach()) === "everywhere", 20_000);
    for (const stop of alma.device.stops.splice(0)) await stop();
    const again = alma.device.start();
    const rows = { kind: "card", rows: next } as const;
    await expect(again.unlock(alma.id, rows)).rejects.toMatchObject({ code: "card-waits" });
    await passWaits();
    await again.unlock(alma.id, rows);
    expect((await again.timeline("entry"))[0]?.excerpt).toBe("Ikke sendt endnu");
  }, 120_000);

  it("a browser that is an old copy of itself begins a new chain: no counter twice, no fork, nothing lost", async () => {
    const alma = await person("child", "Alma", { strict: false });
    const phone = await link(alma.vault);
    await write(alma.vault, "Mandag");
    await settled(alma.vault);
    alma.device.shelf.flush();
    const chainOf = async (pocket: Pocket | undefined) => {
      if (pocket === undefined) throw new Error("not open");
      const { chain, problem, heads } = await pocket.log(pocket.keyring.me.pocket).state();
      return { chain, problem, heads: heads.length };
    };
    const before = await chainOf(alma.opened.at(-1));
    await write(alma.vault, "Tirsdag");
    await settled(alma.vault);
    for (const stop of alma.device.stops.splice(0)) await stop();
    alma.device.shelf.crash(); // The disk is as it was on Monday.

    const again = alma.device.start();
    await again.unlock(alma.id, PICTURES);
    expect((await again.timeline("entry")).map(({ excerpt }) => excerpt)).toEqual(["Mandag"]);
    await write(again, "Onsdag");
    await settled(again);
    const words = async (vault: VaultApi) => (await vault.timeline("entry")).map(({ excerpt }) => excerpt).toSorted();
    for (const vault of [again, phone.vault]) {
      await until(async () => (await words(vault)).join() === "Mandag,Onsdag,Tirsdag", 20_000);
    }
    const after = await chainOf(alma.opened.at(-1));
    expect(before.chain).not.toBeNull();
    expect(after.chain).not.toBe(before.chain);
    expect(after.problem).toBeNull();
    expect((await chainOf(phone.opened.at(-1))).problem).toBeNull();
  }, 120_000);

  it("a linking that is refused, used twice or no code of ours gives nothing, and changes nothing", async () => {
    const alma = await person("child", "Alma");
    const wrong = { kind: "pictures", pictures: [0, 0, 0, 0, 0, 0, 0] } as const;
    await expect(alma.vault.offerLink(wrong)).rejects.toMatchObject({ code: "wrong-code" });
    const { payload } = await alma.vault.offerLink(PICTURES);
    const [phone, other] = [await emptyBrowser(), await emptyBrowser()];
    await expect(phone.vault.takeLink("device.abc", ABOUT)).rejects.toMatchObject({ code: "link-broken" });
    const { payload: pairing } = await alma.vault.invite();
    await expect(phone.vault.takeLink(pairing, ABOUT)).rejects.toMatchObject({ code: "link-broken" });
    await phone.vault.takeLink(payload, ABOUT);
    await expect(other.vault.takeLink(payload, ABOUT)).rejects.toMatchObject({ code: "link-used" });
    await until(async () => (await alma.vault.linkStep())?.step === "compare", 15_000);
    await until(async () => (await phone.vault.linkStep())?.step === "compare", 15_000);
    await expect(phone.vault.finishLink(HERE)).rejects.toMatchObject({ code: "not-allowed" });
    await phone.vault.confirmLink(true);
    await alma.vault.confirmLink(false);
    await until(async () => (await phone.vault.linkStep())?.step === "ended", 15_000);
    expect(await phone.vault.linkStep()).toEqual({ step: "ended", why: "link-refused" });
    await expect(phone.vault.finishLink(HERE)).rejects.toMatchObject({ code: "not-allowed" });
    expect(await phone.vault.covers()).toEqual([]);
    expect(await alma.vault.devices()).toHaveLength(1);
  }, 60_000);

  it.each(["the person leaves", "its time is over"])(
    "a linking that ends while it is being confirmed leaves no keys: %s",
    async (how) => {
      const alma = await person("child", "Alma");
      const pocket = alma.opened.at(-1) as Pocket;
      const { after } = pocket.clock;
      let expire: () => void = () => undefined;
      pocket.clock.after = (ms, call) => {
        if (ms === LINK_MS) expire = call;
        return after.call(pocket.clock, ms, call);
      };
      const { payload } = await alma.vault.offerLink(PICTURES);
      const phone = await emptyBrowser();
      await phone.vault.takeLink(payload, ABOUT);
      for (const { vault } of [alma, phone]) {
        await until(async () => (await vault.linkStep())?.step === "compare", 15_000);
      }
      const write = pocket.shared.write.bind(pocket.shared);
      pocket.shared.write = async (entries) => {
        pocket.shared.write = write;
        await write(entries);
        if (how === "its time is over") expire();
        else await alma.vault.endLink();
      };
      await phone.vault.confirmLink(true);
      await expect(alma.vault.confirmLink(true)).rejects.toMatchObject({ code: "not-allowed" });
      await until(async () => (await phone.vault.linkStep())?.step === "ended", 15_000);
      await settled(alma.vault);
      await expect(phone.vault.finishLink(HERE)).rejects.toMatchObject({ code: "not-allowed" });
      expect(await alma.vault.devices()).toHaveLength(1);
    },
    60_000,
  );
});

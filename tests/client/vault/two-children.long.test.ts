/** What one child shows another: who may, what is told of reading it, answering, taking back; and how both come to show. Over a real server. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Doc as YDoc } from "yjs";
import { readFrom } from "../../../client/documents/entry.ts";
import { readTogether } from "../../../client/documents/from-others.ts";
import type { PersonId, VaultApi } from "../../../client/vault/api.ts";
import { until } from "./device.ts";
import { openPage, type } from "./page.ts";
import { endWorld, pages, person, startWorld, write } from "./several.ts";

const SOON = 20_000;
const options = { notSafeForParents: false, withMoods: false, photos: [] };

beforeAll(() => startWorld());
afterAll(() => endWorld());

/** `inviter` invites; gives each as the other knows them, among those they weren't known as before. */
async function meet(inviter: VaultApi, joiner: VaultApi) {
  const before = new Set((await Promise.all([inviter.people(), joiner.people()])).flat().map(({ id }) => id));
  const { payload } = await inviter.invite("scan");
  await joiner.join(payload, "scan");
  const found = async (vault: VaultApi): Promise<PersonId | null> => {
    const other = (await vault.people()).find(({ id }) => !before.has(id));
    return other?.state === "paired" && other.circle !== null ? other.id : null;
  };
  const [joined, invited] = await Promise.all([until(() => found(inviter), SOON), until(() => found(joiner), SOON)]);
  return { joined, invited };
}

const knows = async (vault: VaultApi, id: PersonId) => (await vault.people()).find((one) => one.id === id);

test("who invited shows; the other reads without a word about it, answers, and shows too after inviting", async () => {
  const noah = await person("child", "Noah");
  const alma = await person("child", "Alma");
  const { joined: almaAtNoah, invited: noahAtAlma } = await meet(noah.vault, alma.vault);
  expect(await knows(noah.vault, almaAtNoah)).toMatchObject({ role: "child", maySee: true, maybeAgain: [] });
  expect(await knows(alma.vault, noahAtAlma)).toMatchObject({ role: "child", maySee: false });

  const share = await noah.vault.show(await write(noah.vault, "Vi byggede en hule"), almaAtNoah, options);
  const [came] = await until(async () => {
    const all = await alma.vault.received();
    return all.length > 0 ? all : null;
  }, SOON);
  expect(came).toMatchObject({ id: share, person: noahAtAlma, openedAt: null });
  await alma.vault.markOpened(share);
  expect((await alma.vault.received())[0]?.openedAt).not.toBeNull();
  await alma.vault.answer(share, "Må jeg komme med?");
  const answered = await until(async () => {
    const [one] = await noah.vault.shares();
    return one?.answers.length === 1 ? one : null;
  }, SOON);
  // That it was read before isn't said: the steps on the way have the answer's own time.
  const at = new Map(answered.steps.map((one) => [one.step, one.at]));
  expect(at.get("opened")).toBe(at.get("answered"));
  expect(at.get("arrived")).toBe(at.get("answered"));
  await expect(alma.vault.answer(share, "Ja", "agreed")).rejects.toMatchObject({ code: "not-allowed" });
  await expect(alma.vault.keepInCaseFile(share)).rejects.toMatchObject({ code: "not-allowed" });

  const own = await write(alma.vault, "Kun min");
  await expect(alma.vault.show(own, noahAtAlma, options)).rejects.toMatchObject({ code: "not-allowed" });
  const second = await meet(alma.vault, noah.vault);
  expect(await knows(alma.vault, second.joined)).toMatchObject({ name: "Noah", maySee: true });
  await alma.vault.show(own, second.joined, options);
  await until(async () => (await noah.vault.received()).length === 1, SOON);
  expect((await noah.vault.received())[0]).toMatchObject({ person: second.invited });

  // Gone from the other's Lomme; whether it had been read, nobody says.
  await noah.vault.takeBack(share);
  await until(async () => (await alma.vault.received()).length === 0, SOON);
  expect((await noah.vault.shares())[0]?.takeBack).toBe("waiting");
}, 90_000);

test("whoever parts, what two children wrote together stays with both, once, and whole", async () => {
  const noah = await person("child", "Noah");
  const alma = await person("child", "Alma");
  const { joined: almaAtNoah, invited: noahAtAlma } = await meet(noah.vault, alma.vault);
  const both = async (words: string) => {
    const document = await noah.vault.startJoint(almaAtNoah, words);
    const page = await openPage(noah.vault, document);
    pages.push(page);
    type(page, `${words} ved søen`);
    await until(async () => (await alma.vault.jointPages()).some(({ title }) => title === words), SOON);
    return { document, page };
  };
  const story = await both("Hulen");
  const empty = await noah.vault.startJoint(almaAtNoah, "");
  await until(async () => (await alma.vault.jointPages()).length === 2, SOON);
  const almas = await openPage(alma.vault, story.document);
  await until(() => almas.doc.getXmlFragment("text").toString().includes("søen"), SOON);
  // What Noah plants says neither whose it is nor when it was; and it doesn't keep the page from being kept.
  story.page.doc.transact(() => {
    story.page.doc.getMap("about").set("createdAt", 0);
    story.page.doc.getMap("about").set("from", "Mor");
    story.page.doc.getMap("moods").set("deep", new YDoc());
  });
  await until(() => almas.doc.getMap("about").get("from") === "Mor", SOON);

  // Alma types, and parts at once: what was typed last is in it.
  type(almas, ", og så spiste vi kage");
  await until(() =>
    alma.vault.events.some((event) => event.type === "saved" && !event.saved && event.document === story.document),
  );
  const [before] = alma.opened;
  await alma.vault.removePerson(noahAtAlma);
  almas.close();
  expect(await alma.vault.jointPages()).toEqual([]);
  const kept = await alma.vault.timeline("entry");
  expect(kept).toMatchObject([{ title: "Hulen", excerpt: "Hulen ved søen, og så spiste vi kage" }]);
  const [one] = kept;
  if (one === undefined || before === undefined) throw new Error("not kept");
  const met = (await knows(alma.vault, noahAtAlma))?.metAt ?? 0;
  expect(met).toBeGreaterThan(Date.now() - 60_000);
  expect(one.createdAt).toBe(met);
  const { pocket } = before.keyring.me;
  expect(await before.documents.read(pocket, one.document, readTogether)).toBe("Noah");
  expect(await before.documents.read(pocket, one.document, readFrom)).toBeNull();
  // The server, which knew the page by its tag in the circle, doesn't learn where it went.
  expect([story.document, empty]).not.toContain(one.document);
  await expect(alma.vault.openDocument(story.document)).rejects.toMatchObject({ code: "not-here" });
  // Parted once more, nothing more comes of it.
  await alma.vault.removePerson(noahAtAlma);
  expect(await alma.vault.timeline("entry")).toHaveLength(1);

  // The owner parts: what was written stays readable where it is, on both sides.
  const again = await meet(noah.vault, alma.vault);
  const next = await noah.vault.startJoint(again.joined, "Skuret");
  await until(async () => (await alma.vault.jointPages()).some(({ document }) => document === next), SOON);
  await noah.vault.removePerson(again.joined);
  await until(async () => (await knows(alma.vault, again.invited))?.state === "removed", SOON);
  expect(await alma.vault.jointPages()).toMatchObject([{ document: next, title: "Skuret", person: again.invited }]);
  expect((await noah.vault.jointPages()).map(({ document }) => document)).toContain(next);
}, 90_000);

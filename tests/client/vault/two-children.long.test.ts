/** What one child shows another: who may, what is told of reading it, answering, taking back; and how both come to show. Over a real server. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PersonId, VaultApi } from "../../../client/vault/api.ts";
import { until } from "./device.ts";
import { endWorld, person, startWorld, write } from "./several.ts";

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

/** The kind words of home: once whether the code was seen, and of the card until it was tried out. */
import { expect, it } from "vitest";
import { CHILD, Device, PICTURES } from "./device.ts";

const DAY = 24 * 3600_000;

it("asks once who saw the code, speaks of the card until it was tried, and leaves three days in peace", async () => {
  const device = await Device.create();
  const first = device.start();
  const pocket = await first.createPocket(CHILD);
  expect(await first.reminder()).toBeNull();
  const open = async () => {
    const vault = device.start();
    await vault.unlock(pocket, PICTURES);
    return vault;
  };
  // The second opening is part of the first run; the third is the first alone.
  expect(await (await open()).reminder()).toBeNull();
  const alone = await open();
  expect(await alone.reminder()).toBe("new-code");
  await alone.dismissReminder("new-code");
  expect(await alone.reminder()).toBe("make-card");
  await alone.confirmCode(PICTURES);
  const rows = await alone.makeCard();
  expect(await alone.reminder()).toBe("try-card");
  await alone.dismissReminder("try-card");
  expect(await alone.reminder()).toBeNull();
  device.ahead += 3 * DAY - 60_000;
  expect(await alone.reminder()).toBeNull();
  device.ahead += 2 * 60_000;
  expect(await alone.reminder()).toBe("try-card");
  const wrong = rows.map((row, at) => (at === 0 ? row.map((picture) => (picture + 1) % 64) : row));
  expect(await alone.tryCard(wrong)).toBe(false);
  expect(await alone.reminder()).toBe("try-card");
  expect(await alone.tryCard(rows)).toBe(true);
  expect(await alone.reminder()).toBeNull();
  device.ahead += 30 * DAY;
  expect(await (await open()).reminder()).toBeNull();
});

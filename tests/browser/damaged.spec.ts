/** A row of the store that was really damaged, between a lock and the next opening: what is whole is shown, and it is said. */
import { goHome, press, text, writeEntry } from "./harness/meet.ts";
import { expect, test } from "./harness.ts";
import { openPocket, Taps } from "./steps.ts";

test.use({ begins: "settled" });

/** Turns one bit in the middle of the longest row that waits to be sent. Gives how many bytes that row has. */
const damageLongestRow = (): Promise<number> =>
  (async () => {
    const promised = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    let longest = 0;
    for (const { name } of await indexedDB.databases()) {
      const db = await promised(indexedDB.open(name ?? ""));
      if (db.objectStoreNames.contains("outbox")) {
        const store = db.transaction("outbox", "readwrite").objectStore("outbox");
        const keys = await promised(store.getAllKeys());
        const rows = (await promised(store.getAll())) as Uint8Array<ArrayBuffer>[];
        const at = rows.reduce((best, row, i) => (row.length > (rows[best]?.length ?? 0) ? i : best), 0);
        const row = rows[at];
        const key = keys[at];
        if (row !== undefined && key !== undefined) {
          const middle = row.length >> 1;
          row[middle] = (row[middle] ?? 0) ^ 1;
          await promised(store.put(row, key));
          longest = row.length;
        }
      }
      db.close();
    }
    return longest;
  })();

test("an entry of which a part can't be read says so, shows the rest, and throws nothing away", async ({ back }) => {
  const alma = await back("Alma", { offline: true });
  await writeEntry(alma, "Et helt stykke", "Det her er ikke skadet.");
  await goHome(alma);
  await writeEntry(alma, "Et langt stykke", "Lange ord om en lang dag. ".repeat(40));
  await goHome(alma);
  await alma.page.reload();
  expect(await alma.page.evaluate(damageLongestRow)).toBeGreaterThan(900);
  await openPocket(new Taps(alma.page), alma.secret);

  const whole = alma.page.getByRole("button", { name: /Et helt stykke/ }).first();
  await whole.click();
  await expect(alma.page.getByRole("textbox", { name: text("entry.text") })).toContainText("Det her er ikke skadet.");
  await expect(alma.page.getByText(text("entry.damaged"))).toHaveCount(0);
  await goHome(alma);
  await alma.page
    .getByRole("button", { name: /Et langt stykke/ })
    .first()
    .click();
  await expect(alma.page.getByText(text("entry.damaged"))).toBeVisible();
  // Writing goes on, and what is written now is saved.
  await alma.page.getByRole("textbox", { name: text("entry.text") }).click();
  await alma.page.keyboard.type("Nyt.");
  await expect(alma.page.getByText(text("entry.saved"), { exact: true }).first()).toBeVisible();
  await goHome(alma);
  await press(alma, "home.things");
  await expect(alma.page.getByRole("button", { name: /Et helt stykke/ })).toBeVisible();
});

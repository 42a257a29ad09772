/** A sealed record that was really damaged in the server's own database: the rest arrives, it is said, and nobody is lost. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { kindToWire } from "../../protocol/wire.ts";
import { giveTo, goHome, press, text, writeEntry } from "./harness/meet.ts";
import { expect, networkLines, test } from "./harness.ts";
import { openPocket, Taps } from "./steps.ts";

test.use({ begins: "paired" });

const inStore = <T>(dataDir: string, work: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(join(dataDir, "lomme.sqlite"));
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/** Row of the last but one of what was said. */
const findEarlier = (dataDir: string): number =>
  inStore(dataDir, (db) => {
    const said = db.prepare("SELECT rowid AS row FROM records WHERE kind = ? ORDER BY rowid DESC LIMIT 2");
    const [, earlier] = said.all(kindToWire("said")) as { row: number }[];
    if (earlier === undefined) throw new Error("two things were to be said");
    return earlier.row;
  });

/** Turns one bit in the middle; the same once more mends it. */
const turnOneBit = (dataDir: string, row: number): void =>
  inStore(dataDir, (db) => {
    const { sealed } = db.prepare("SELECT sealed FROM records WHERE rowid = ?").get(row) as { sealed: Uint8Array };
    sealed[sealed.length >> 1] = (sealed[sealed.length >> 1] ?? 0) ^ 1;
    db.prepare("UPDATE records SET sealed = ? WHERE rowid = ?").run(sealed, row);
  });

test("of two things shown the server damages one: the other arrives, and the adult is told what is missing", async ({
  back,
  server,
}) => {
  test.setTimeout(180_000);
  const [alma, mette] = await Promise.all([back("Alma"), back("Mette")]);
  await press(mette, "home.lock");
  for (const title of ["Den første", "Den anden"]) {
    await writeEntry(alma, title, "Kun til dig.");
    await press(alma, "entry.show");
    await giveTo(alma, "Mette", alma.secret);
    await expect(alma.page.getByText(text("state.sent"), { exact: true })).toBeVisible({ timeout: 30_000 });
    await goHome(alma);
  }
  for (const one of [alma, mette]) one.allow("the server is stopped", networkLines(server.origin));
  await server.stop();
  const earlier = findEarlier(server.dataDir);
  turnOneBit(server.dataDir, earlier);
  await server.start();
  await openPocket(new Taps(mette.page), mette.secret);

  await mette.page.getByRole("button", { name: /Den anden/ }).waitFor({ timeout: 40_000 });
  await expect(mette.page.getByText(text("sync.incomplete"))).toBeVisible({ timeout: 40_000 });
  await expect(mette.page.getByRole("button", { name: /Den første/ })).toHaveCount(0);

  // The operator puts back a whole disk: what was missing comes by itself at the next opening.
  await press(mette, "home.lock");
  await server.stop();
  turnOneBit(server.dataDir, earlier);
  await server.start();
  await openPocket(new Taps(mette.page), mette.secret);
  await mette.page.getByRole("button", { name: /Den første/ }).waitFor({ timeout: 40_000 });
  await expect(mette.page.getByText(text("sync.incomplete"))).toHaveCount(0);
});

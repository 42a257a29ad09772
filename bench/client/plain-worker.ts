/**
 * The same pocket without encryption, as an ordinary app would keep it in Dexie: a row per entry with an index on its date,
 * its text in a table beside, its updates in a third. "list" does what the vault does after the first screen: reads every
 * summary, keeps them, gives the newest. What the first screen costs such an app is measured in the product's page
 * (plain-vault-worker.ts).
 */
import Dexie from "dexie";
import { foldText } from "../../client/documents/fold.ts";
import { readOwn } from "../../client/documents/own-read.ts";
import { writeMoment } from "../../tests/realistic/edits.ts";
import { type LifeOptions, liveLife } from "../../tests/realistic/life.ts";
import { createChance } from "../../tests/realistic/seeded.ts";
import { NEWEST, type PlainAnswer, type PlainQuestion } from "./plain.ts";

const TOGETHER = 250;

const database = new Dexie("plain", { chromeTransactionDurability: "strict" });
database.version(1).stores({ entries: "document, createdAt", texts: "document", updates: "++, document" });

async function fill(life: LifeOptions): Promise<void> {
  const chance = createChance(life.seed + 1);
  const moments = [...liveLife(life)];
  for (let from = 0; from < moments.length; from += TOGETHER) {
    const entries: object[] = [];
    const texts: object[] = [];
    const updates: object[] = [];
    for (const moment of moments.slice(from, from + TOGETHER)) {
      const document = crypto.randomUUID().replaceAll("-", "");
      const written = writeMoment(moment, null, chance.whole(1, 2 ** 31));
      const { summary, text } = readOwn(written.doc);
      written.doc.destroy();
      entries.push({ ...summary, document, changedAt: moment.at, shownTo: [] });
      texts.push({ document, text });
      updates.push(...written.updates.map((update) => ({ document, update })));
    }
    await database.transaction("rw", ["entries", "texts", "updates"], async () => {
      await database.table("entries").bulkAdd(entries);
      await database.table("texts").bulkAdd(texts);
      await database.table("updates").bulkAdd(updates);
    });
  }
}

interface Listed {
  readonly document: string;
  readonly title: string;
  readonly excerpt: string;
  readonly createdAt: number;
}

async function list(): Promise<readonly Listed[]> {
  const all: Listed[] = await database.table("entries").toArray();
  const kept = new Map(all.map((entry) => [entry.document, entry]));
  return [...kept.values()].sort((a, b) => b.createdAt - a.createdAt).slice(0, NEWEST);
}

/** All texts folded in memory, as search has them. */
async function gather(): Promise<number> {
  const texts: { readonly text: string }[] = await database.table("texts").toArray();
  return texts.map(({ text }) => foldText(text)).reduce((sum, text) => sum + text.length, 0);
}

async function answer(question: PlainQuestion): Promise<PlainAnswer> {
  if (question.ask === "fill") await fill(question.life);
  if (question.ask === "list") return { listed: await list() };
  return { listed: [], gathered: question.ask === "gather" ? await gather() : 0 };
}

self.onmessage = ({ data }: MessageEvent<PlainQuestion>) => {
  answer(data).then(
    (result) => self.postMessage(result),
    (error: unknown) => self.postMessage({ error: String(error) }),
  );
};

/** Typing into an entry of a large pocket: tasks of the page over 50 ms, and how long until "saved here". */
import { writeEntry } from "../../tests/browser/harness/meet.ts";
import type { Person } from "../../tests/browser/harness/person.ts";
import { quantile } from "./figures.ts";
import { keysToSaved } from "./saved-here.ts";
import { throttle } from "./throttle.ts";

const LETTERS = 200;
/** A fast typist. */
const LETTER_MS = 60;
const SAVED_KEYS = 25;
const SLOWER = 4;

export interface TypingFigures {
  readonly longTasks: number;
  readonly savedHereP95Ms: number;
  readonly longFrames: readonly string[];
  readonly slow: { readonly longTasks: number; readonly longFrames: readonly string[] };
}

/** From home; ends in the entry it wrote. */
export async function measureTyping(person: Person): Promise<TypingFigures> {
  await writeEntry(person, "Maaling", "Det er en dag som alle andre. ");
  // The editor has been loaded, drawn and saved: from here on every task is typing's own.
  await person.page.waitForTimeout(1_000);
  const longTasks = await longTasksWhileTyping(person);
  const saved = await keysToSaved(person, SAVED_KEYS);
  const slow = await throttle(person.page, SLOWER, () => longTasksWhileTyping(person));
  return {
    longTasks: longTasks.count,
    savedHereP95Ms: quantile(saved, 0.95),
    longFrames: longTasks.ran,
    slow: { longTasks: slow.count, longFrames: slow.ran },
  };
}

interface LongTasks {
  readonly count: number;
  /** What ran in the long frames: what called it, and for how many milliseconds. */
  readonly ran: readonly string[];
}

async function longTasksWhileTyping({ page }: Person): Promise<LongTasks> {
  await page.evaluate(() => {
    const seen: number[] = [];
    const ran: string[] = [];
    const take = (list: PerformanceEntryList): void => {
      for (const entry of list) {
        if (entry.entryType === "longtask") seen.push(entry.duration);
        else if (entry.duration > 50) ran.push(wordsOf(entry));
      }
    };
    /** A frame that took long, in the browser's own words. */
    const wordsOf = (frame: PerformanceEntry): string => {
      const scripts = (Reflect.get(frame, "scripts") ?? []) as readonly {
        readonly invoker: string;
        readonly sourceFunctionName: string;
        readonly duration: number;
        readonly forcedStyleAndLayoutDuration: number;
      }[];
      const named = scripts.map(
        (one) =>
          `${one.invoker} ${one.sourceFunctionName} ${Math.round(one.duration)} (layout ${Math.round(one.forcedStyleAndLayoutDuration)})`,
      );
      return `${Math.round(frame.duration)}: ${named.join("; ")}`;
    };
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: "longtask" });
    const frames = new PerformanceObserver((list) => take(list.getEntries()));
    frames.observe({ type: "long-animation-frame" });
    Reflect.set(globalThis, "longTasks", () => {
      take(observer.takeRecords());
      take(frames.takeRecords());
      observer.disconnect();
      frames.disconnect();
      return { count: seen.length, ran };
    });
  });
  await page.keyboard.type("og så gik vi videre ".repeat(LETTERS / 20), { delay: LETTER_MS });
  await page.waitForTimeout(1_000);
  return page.evaluate(() => (Reflect.get(globalThis, "longTasks") as () => LongTasks)());
}

/** What keeps `npm run bench:server` honest: a contender that doesn't start, or loses a row, fails it. */
import { describe, expect, test } from "vitest";
import { startProcess, stop } from "../../bench/server/contender.ts";
import { requireRows, UPDATES } from "../../bench/server/live.ts";

const isReady = (output: string): string | null => (output.includes("ready") ? "there" : null);

describe("a contender", () => {
  test("that starts is had, and ended", async () => {
    const script = "console.log('ready'); setInterval(() => {}, 1000)";
    const running = await startProcess(["-e", script], {}, isReady);
    expect(running.url).toBe("there");
    await stop(running);
    expect(running.process.signalCode).toBe("SIGKILL");
  });

  test("that ends instead, or never says that it is ready, fails", async () => {
    const ended = startProcess(["-e", "console.error('no such module'); process.exit(3)"], {}, isReady);
    await expect(ended).rejects.toThrow(/ended with 3: no such module/);
    const silent = startProcess(["-e", "setInterval(() => {}, 1000)"], {}, isReady, 300);
    await expect(silent).rejects.toThrow("didn't start within 300 ms");
  });

  test("that acknowledged more or less than it keeps fails", () => {
    expect(() => requireRows(UPDATES)).not.toThrow();
    expect(() => requireRows(UPDATES - 1)).toThrow("9999 rows for 10000");
  });
});

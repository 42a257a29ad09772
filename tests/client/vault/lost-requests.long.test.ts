/**
 * The main story (find each other, show, it arrives) where one request goes wrong, each time another: lost on its way, its
 * answer lost, or held up; or a WebSocket breaks, each time at another message. Whatever is lost, the words are there
 * within seconds of it.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer } from "../../browser/harness/server.ts";
import { type Fault, FaultyNet, type Passed, story } from "./faulty-net.ts";

/** A pause before connecting again, one before asking again, and the rest of the story, on a slow machine. */
const SOON_MS = 10_000;
/** Whoever waits longer than this for one step waits for a timer of minutes. */
const PATIENCE_MS = 20_000;
const AT_A_TIME = 6;

let server: TestServer;
let addresses = 0;

beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: "1", LOG_LEVEL: "error" });
});
afterAll(() => server.remove());

const netWith = (fault: (passed: Passed, nth: number) => Fault | null, sockets = false): FaultyNet =>
  new FaultyNet(`10.0.0.${++addresses}`, sockets, fault);

it("a circle that takes long to make is introduced when it is there, and nobody is told that something went wrong", async () => {
  const net = netWith(({ who, what }) => (who === "Alma" && what === "POST /api/spaces" ? "late" : null));
  const told = await story(server.origin, net, PATIENCE_MS);
  expect(told).toMatchObject({ stuck: null, problems: [] });
  expect(told.ms).toBeLessThan(SOON_MS);
  const ofAlma = net.answered.filter(({ who }) => who === "Alma").map(({ what }) => what);
  expect(ofAlma.lastIndexOf("POST /api/drops/…")).toBeGreaterThan(ofAlma.lastIndexOf("POST /api/spaces"));
});

it.each([
  ["one request that is lost, or whose answer is, costs seconds wherever it is", false],
  ["so does a WebSocket that breaks, at whatever message", true],
] as const)("%s", async (_, sockets) => {
  const plain = netWith(() => null, sockets);
  expect(await story(server.origin, plain, PATIENCE_MS)).toMatchObject({ stuck: null });
  const places = plain.passed.map((_, nth) => nth).filter((nth) => nth % 3 === 0);
  const slow: unknown[] = [];
  const work = async (): Promise<void> => {
    for (let place = places.shift(); place !== undefined; place = places.shift()) {
      const fault: Fault = place % 2 === 0 ? "before" : "after";
      let hit: Passed | null = null;
      const net = netWith((passed, nth) => {
        if (nth !== place) return null;
        hit = passed;
        return fault;
      }, sockets);
      const told = await story(server.origin, net, PATIENCE_MS);
      if (told.stuck !== null || told.ms > SOON_MS) slow.push({ place, fault, hit, ...told });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  expect(slow).toEqual([]);
});

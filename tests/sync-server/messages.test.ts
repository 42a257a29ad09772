import { expect, test } from "vitest";
import { MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE } from "../../protocol/limits.ts";
import { Messages } from "../../sync-server/messages.ts";
import { Turns } from "../../sync-server/turns.ts";

function gather(turns = new Turns()) {
  const sent: Uint8Array[] = [];
  return { sent, messages: new Messages((message) => sent.push(Uint8Array.from(message)), turns) };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("what one turn says is one message, in order; the next turn's is the next", async () => {
  const { sent, messages } = gather();
  for (const byte of [1, 2, 3]) messages.add(Uint8Array.of(byte));
  expect(sent).toEqual([]);
  expect(messages.bytes).toBe(3);
  await turn();
  messages.add(Uint8Array.of(4));
  await turn();
  expect(sent).toEqual([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
  expect(messages.bytes).toBe(0);
});

test("no message is larger, or of more frames, than a client takes", async () => {
  const { sent, messages } = gather();
  messages.add(new Uint8Array(MAX_FRAME_BYTES));
  messages.add(new Uint8Array(MAX_FRAME_BYTES - 1));
  messages.add(new Uint8Array(1));
  for (let i = 0; i <= MAX_FRAMES_PER_MESSAGE; i++) messages.add(Uint8Array.of(7));
  while (messages.bytes > 0) await turn();
  expect(sent.map(({ length }) => length)).toEqual([MAX_FRAME_BYTES, MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE, 1]);
});

test("large messages of many clients go one in a turn, and somebody's small one doesn't wait for them", async () => {
  const turns = new Turns();
  const crowd = Array.from({ length: 50 }, () => gather(turns));
  for (const { messages } of crowd) messages.add(new Uint8Array(100_000));
  const good = gather(turns);
  good.messages.add(Uint8Array.of(1));
  await Promise.resolve();
  await turn();
  expect(good.sent).toHaveLength(1);
  const largeSent = (): number => crowd.filter(({ sent }) => sent.length > 0).length;
  expect(largeSent()).toBeLessThanOrEqual(2);
  while (largeSent() < crowd.length) {
    const before = largeSent();
    await turn();
    expect(largeSent() - before).toBeLessThanOrEqual(1);
  }
});

test("what is said while a large message waits for its turn comes after it", async () => {
  const { sent, messages } = gather();
  messages.add(new Uint8Array(MAX_FRAME_BYTES));
  await Promise.resolve();
  messages.add(Uint8Array.of(9));
  while (messages.bytes > 0) await turn();
  expect(sent.map(({ length }) => length)).toEqual([MAX_FRAME_BYTES, 1]);
});

test("what waits goes before the end of the turn when it must, all of it", () => {
  const { sent, messages } = gather();
  messages.add(Uint8Array.of(1));
  messages.add(new Uint8Array(MAX_FRAME_BYTES));
  messages.flush();
  messages.flush();
  expect(sent.map(({ length }) => length)).toEqual([1, MAX_FRAME_BYTES]);
  expect(messages.bytes).toBe(0);
});

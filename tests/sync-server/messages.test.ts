import { expect, test } from "vitest";
import { MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE } from "../../protocol/limits.ts";
import { Messages } from "../../sync-server/messages.ts";

function gather() {
  const sent: Uint8Array[] = [];
  return { sent, messages: new Messages((message) => sent.push(Uint8Array.from(message))) };
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
  await turn();
  expect(sent.map(({ length }) => length)).toEqual([MAX_FRAME_BYTES, MAX_FRAME_BYTES, MAX_FRAMES_PER_MESSAGE, 1]);
});

test("what waits goes before the end of the turn when it must", () => {
  const { sent, messages } = gather();
  messages.add(Uint8Array.of(1));
  messages.flush();
  messages.flush();
  expect(sent).toEqual([Uint8Array.of(1)]);
});

/**
 * One space from a thousand records to a million: what an append costs, and what it costs a device that is up to date to
 * come back, at each size. The bodies are random bytes of the shipped size of a small update: the server can't tell.
 */
import { randomFillSync } from "node:crypto";
import { randomId } from "../../crypto/ids.ts";
import type { DocumentTag, OpId, SealedRecord } from "../../crypto/types.ts";
import { type Running, residentBytes } from "./contender.ts";
import { connect, createSpace, type OurClient } from "./ours.ts";

/** A sealed record of one key press. */
const SEALED_BYTES = 393;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** Connections that fill the space: the server reads 5,000 frames a second from each. */
const FILLERS = 8;
/** Appends under way on one of them. */
const WINDOW = 500;
/** Acknowledged appends of which the rate at each size is taken, on a connection of their own. */
const MEASURED = 1_000;
const ROUNDS = 21;

export async function growth(server: Running, upTo: number) {
  const space = await createSpace(server);
  const fillers = await Promise.all(Array.from({ length: FILLERS }, () => connect(server, space)));
  const tags = Array.from({ length: 1000 }, () => randomId<DocumentTag>());
  const sealed = randomFillSync(new Uint8Array(SEALED_BYTES)) as SealedRecord;
  let head = 0;
  let request = 1000;
  const append = async (client: OurClient, count: number): Promise<void> => {
    const asked = Array.from({ length: count }, () => {
      const document = tags[head++ % tags.length] as DocumentTag;
      const record = { document, kind: "update", epoch: 1, opId: randomId<OpId>(), sealed } as const;
      return client.ask({ type: "append", request: request++, space, record });
    });
    for (const answer of await Promise.all(asked)) if (answer.type !== "ack") throw new Error(answer.type);
  };
  const fillTo = async (size: number): Promise<void> => {
    await Promise.all(
      fillers.map(async (client) => {
        while (head < size) await append(client, Math.min(WINDOW, size - head));
      }),
    );
  };

  const rows: Record<string, number>[] = [];
  for (const size of SIZES.filter((one) => one <= upTo)) {
    await fillTo(size - MEASURED);
    const client = await connect(server, space);
    const started = performance.now();
    await append(client, MEASURED);
    const appendsPerSecond = (MEASURED / (performance.now() - started)) * 1000;
    client.socket.terminate();
    rows.push({ records: head, appendsPerSecond, returnMs: await comeBack(server, space, head) });
    console.log(JSON.stringify(rows.at(-1)));
  }
  for (const { socket } of fillers) socket.terminate();
  return { rows, residentBytes: residentBytes(server) };
}

/** Median time of a device that has all but the last record: connect, prove, pull the one page. */
async function comeBack(server: Running, space: Parameters<typeof connect>[1], head: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const device: OurClient = await connect(server, space);
    const page = await device.ask({ type: "pull", request: 2, space, after: head - 1 });
    if (page.type !== "page" || page.records.length !== 1) throw new Error("not the one record that is missing");
    times.push(performance.now() - started);
    device.socket.terminate();
  }
  return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}

/**
 * Updates per second from the first one sent until all receivers have had all of them, byte for byte, and for ours until
 * all are acknowledged; and the CPU time of the servers for that. With several nodes of one server the two clients of a
 * document are on different ones, so that every update crosses.
 */
import { type Client, type Contender, cpuSeconds, type Running } from "./contender.ts";

const CLIENTS = 20;
const DOCUMENTS = 10;
export const UPDATES = 10_000;
const TOO_LONG_MS = 60_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function live(contender: Contender, nodes: readonly Running[]) {
  const documents = await contender.createDocuments(nodes[0] as Running, DOCUMENTS);
  const clients: Client[] = [];
  for (let i = 0; i < CLIENTS; i++) {
    const node = nodes[Math.floor(i / DOCUMENTS) % nodes.length] as Running;
    clients.push(await contender.join(node, documents[i % DOCUMENTS] as string));
  }
  const prepared = contender.prepare(documents, CLIENTS, UPDATES);

  // Each update reaches the others in its document: one of the two clients.
  const bodiesFor = (receiver: number): Uint8Array[] =>
    prepared
      .filter(({ client }) => client !== receiver && client % DOCUMENTS === receiver % DOCUMENTS)
      .map(({ body }) => body);
  let outstanding = 0;
  const settlers = clients.map((_, index) => {
    const bodies = bodiesFor(index);
    outstanding += bodies.length;
    return contender.expect(bodies);
  });
  let unacknowledged = contender.acknowledges ? UPDATES : 0;
  const finished = new Promise<void>((resolve) => {
    for (const [index, client] of clients.entries()) {
      client.onBody = (body) => {
        outstanding -= settlers[index]?.(body) ?? 0;
        if (outstanding === 0 && unacknowledged === 0) resolve();
      };
      client.onAck = () => {
        unacknowledged--;
        if (outstanding === 0 && unacknowledged === 0) resolve();
      };
    }
  });
  const cpu = (): number => nodes.reduce((sum, node) => sum + cpuSeconds(node), 0);
  const cpuBefore = cpu();
  const started = performance.now();
  for (const { client, frame } of prepared) clients[client]?.socket.send(frame);
  await Promise.race([
    finished,
    sleep(TOO_LONG_MS).then(() => {
      throw new Error(`${contender.name}: ${outstanding} updates never arrived as they were sent`);
    }),
  ]);
  const seconds = (performance.now() - started) / 1000;
  await sleep(200);
  const serverCpuSeconds = cpu() - cpuBefore;
  for (const { socket } of clients) socket.terminate();
  return { updatesPerSecond: UPDATES / seconds, serverCpuSeconds };
}

/** After SIGKILL every acknowledged update is a row. */
export function requireRows(rows: number): void {
  if (rows !== UPDATES) throw new Error(`${rows} rows for ${UPDATES} acknowledged updates`);
}

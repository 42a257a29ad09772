/** All that a capturing proxy kept, one piece after the other, each with a name for the report. */
import type { CapturingProxy } from "./proxy.ts";

export interface Piece {
  readonly where: string;
  readonly bytes: Uint8Array;
}

/** @throws when a WebSocket could not be read to the end: a scan of it would prove nothing */
export function* everythingCaptured({ exchanges, tunnels }: CapturingProxy): Generator<Piece> {
  for (const { method, url, requestHead, requestBody, answerHead, answerBody } of exchanges) {
    const name = `${method} ${new URL(url).pathname}`;
    yield { where: `address of ${name}`, bytes: Buffer.from(url) };
    yield { where: `request head of ${name}`, bytes: Buffer.from(requestHead) };
    yield { where: `request body of ${name}`, bytes: requestBody };
    yield { where: `answer head of ${name}`, bytes: Buffer.from(answerHead) };
    yield { where: `answer body of ${name}`, bytes: answerBody };
  }
  for (const [i, { to, heads, sent, received, faults }] of tunnels.entries()) {
    const name = `connection ${i + 1} to ${to}`;
    if (faults.length > 0) throw new Error(`${name} could not be read: ${faults.join("; ")}`);
    for (const head of heads) yield { where: `handshake of ${name}`, bytes: Buffer.from(head) };
    for (const [n, { bytes }] of sent.entries()) yield { where: `sent message ${n + 1} of ${name}`, bytes };
    for (const [n, { bytes }] of received.entries()) yield { where: `received message ${n + 1} of ${name}`, bytes };
  }
}

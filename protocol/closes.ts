/**
 * Why a connection, or the channel of one space, ended. Codes 4400..4499 mean "don't come back with the same": stock
 * y-websocket stops reconnecting on them, and so does our transport. Everything else is tried again with a growing pause.
 *
 * 4403 and 4404 end the channel of one space, not the connection, which other spaces share: there they travel as the frame
 * `ended`. The virtual socket of a document has a list of its own (client/documents/closes.ts).
 */
export const CLOSES = {
  goingAway: { code: 1001, reason: "server is stopping" },
  badFrame: { code: 4400, reason: "bad frame" },
  epochOver: { code: 4403, reason: "epoch over" },
  spaceDeleted: { code: 4404, reason: "space deleted" },
  unknownProtocol: { code: 4406, reason: "unknown protocol" },
  stalled: { code: 4500, reason: "stalled" },
  unproven: { code: 4501, reason: "nothing proved in time" },
  tooFast: { code: 4502, reason: "too fast" },
} as const;

export type Close = (typeof CLOSES)[keyof typeof CLOSES];

/** Whether a client may try again after this close code. 1009 (frame too big) and 1003 (text frame) come from ws itself. */
export function mayReconnect(code: number): boolean {
  return !(code >= 4400 && code <= 4499) && code !== 1009 && code !== 1003;
}

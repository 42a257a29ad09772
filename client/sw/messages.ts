/** The one message a page sends to a waiting service worker: "the person asked for the new version, take over". */
export const TAKE_OVER = { type: "take-over" } as const;

export const isTakeOver = (message: unknown): boolean =>
  typeof message === "object" && message !== null && "type" in message && message.type === TAKE_OVER.type;

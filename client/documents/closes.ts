/**
 * Close codes of the virtual socket between a page and its worker. 4400 … 4499 end the stock provider for good, others
 * let it try again. Codes that also exist on the wire to the server have the same numbers (protocol/closes.ts).
 */
export const CHANNEL_CLOSES = {
  /** The page sent what is no y-message. */
  badFrame: { code: 4400, reason: "bad frame" },
  /** The pocket is being sealed: this unlock is over. */
  sealed: { code: 4401, reason: "sealed" },
  /** The document is gone: removed here, or taken back. */
  removed: { code: 4404, reason: "removed" },
  /** The port could not be made; trying again may help. */
  failed: { code: 4500, reason: "failed" },
} as const;

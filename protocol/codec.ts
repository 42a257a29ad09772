/**
 * All encoders and decoders of the protocol in one place to import from. Layouts: `wire.ts` (primitives), `shapes.ts`
 * (records, wraps, keys), `client-frames.ts`, `server-frames.ts`, `bodies.ts`; spec in docs/protocol/frames.md, http.md.
 */
export {
  decodeBlobCommit,
  decodeCreateSpace,
  decodeMissing,
  decodePollDown,
  decodePollUp,
  decodeRoom,
  decodeTokenOffer,
  encodeBlobCommit,
  encodeCreateSpace,
  encodeMissing,
  encodePollDown,
  encodePollUp,
  encodeRoom,
  encodeTokenOffer,
  isCreationToken,
  MAX_TOKEN_BYTES,
  type PollDown,
  type PollUp,
} from "./bodies.ts";
export { decodeClientFrame, decodeClientFrames, encodeClientFrame } from "./client-frames.ts";
export { decodeServerFrame, decodeServerFrames, encodeLive, encodeServerFrame } from "./server-frames.ts";
export { bytesToHex, hexToBytes } from "./wire.ts";

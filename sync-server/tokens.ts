/**
 * Ten-minute tokens for blobs over HTTP: base64url of
 *
 * | bytes | field |
 * |---|---|
 * | 16 | space |
 * | 1 | right, 1..3 |
 * | 8 | epoch, u64 big-endian |
 * | 4 | expiry, Unix seconds, u32 big-endian |
 * | 32 | HMAC-SHA-256 over label and all of the above, under the store's token secret |
 *
 * A token says nothing about who asked for it. Whoever accepts it checks the epoch against the space's current one.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { TOKEN_SECONDS } from "../protocol/limits.ts";
import { rightToWire, wireToRight } from "../protocol/wire.ts";
import type { Grant } from "./storage/port.ts";

const LABEL = "lomme/1/server/blob-token";
const BODY_BYTES = 29;
const MAC_BYTES = 32;

export interface Tokens {
  mint(grant: Grant, nowSeconds: number): string;
  /** null for a token that is over, foreign, or not one of ours. */
  check(token: string, nowSeconds: number): Grant | null;
}

export function createTokens(secret: Uint8Array): Tokens {
  const mac = (body: Uint8Array): Buffer => createHmac("sha256", secret).update(LABEL).update(body).digest();
  return {
    mint(grant, nowSeconds) {
      const body = Buffer.alloc(BODY_BYTES);
      body.write(grant.space, 0, "hex");
      body.writeUInt8(rightToWire(grant.right), 16);
      body.writeBigUInt64BE(BigInt(grant.epoch), 17);
      body.writeUInt32BE(nowSeconds + TOKEN_SECONDS, 25);
      return Buffer.concat([body, mac(body)]).toString("base64url");
    },
    check(token, nowSeconds) {
      const bytes = Buffer.from(token, "base64url");
      if (bytes.length !== BODY_BYTES + MAC_BYTES || bytes.toString("base64url") !== token) return null;
      const body = bytes.subarray(0, BODY_BYTES);
      if (!timingSafeEqual(mac(body), bytes.subarray(BODY_BYTES))) return null;
      if (body.readUInt32BE(25) <= nowSeconds) return null;
      return {
        space: body.toString("hex", 0, 16) as Grant["space"],
        right: wireToRight(body.readUInt8(16)),
        epoch: Number(body.readBigUInt64BE(17)),
      };
    },
  };
}

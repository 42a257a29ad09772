/** What takes seconds: a 500 MB stream, a million nonces, Argon2id against a second implementation. */
import { execFileSync } from "node:child_process";
import { argon2id } from "@noble/hashes/argon2.js";
import { expect, test } from "vitest";
import { seal } from "../../crypto/aead.ts";
import { createBlobKey } from "../../crypto/blobs.ts";
import { LABELS } from "../../crypto/labels.ts";
import { randomBytes, ready, toHex, wasmModule } from "../../crypto/sodium.ts";
import { deriveCodeSeed, KDF_FLOOR, pictureCodeBytes } from "../../crypto/unlocking.ts";

await ready();

test("a 500 MB video streams through sealer and opener in at most 32 MB above the baseline", () => {
  const script = new URL("stream.ts", import.meta.url).pathname;
  const result = JSON.parse(execFileSync(process.execPath, ["--expose-gc", script, "500"], { encoding: "utf8" }));
  expect(result).toMatchObject({ receivedBytes: 500_000_000, same: true });
  expect(result.peakAboveBaselineBytes).toBeLessThanOrEqual(32 * 1024 * 1024);
});

test("no (key, nonce) twice in a million seals under one key", () => {
  const [key, nothing, seen] = [createBlobKey(), new Uint8Array(0), new Set<string>()];
  let seals = 0;
  const module = wasmModule();
  const cipher = module._crypto_aead_xchacha20poly1305_ietf_encrypt;
  // A plain function in its place, as a spy would remember a million calls. The cipher itself is not what is counted.
  module._crypto_aead_xchacha20poly1305_ietf_encrypt = (...args) => {
    const [nonceAt, keyAt] = [args[9], args[10]];
    seals++;
    // 15 of the 24 bytes and one of the key: fewer bytes can only show more repeats.
    seen.add(String.fromCharCode(...module.HEAPU8.subarray(nonceAt, nonceAt + 15), module.HEAPU8[keyAt]!));
    return 0;
  };
  try {
    for (let i = 0; i < 1_000_000; i++) seal(key, LABELS.blobChunk, nothing, nothing);
  } finally {
    module._crypto_aead_xchacha20poly1305_ietf_encrypt = cipher;
  }
  expect([seals, seen.size]).toEqual([1_000_000, 1_000_000]);
});

test("Argon2id: the other implementation gives the RFC's tag, and ours the same as it at the floor", () => {
  // RFC 9106 §5.3 has four lanes, which libsodium doesn't offer; so it checks @noble/hashes, and @noble/hashes ours.
  const rfc = argon2id(new Uint8Array(32).fill(1), new Uint8Array(16).fill(2), {
    t: 3,
    m: 32,
    p: 4,
    dkLen: 32,
    key: new Uint8Array(8).fill(3),
    personalization: new Uint8Array(12).fill(4),
  });
  expect(toHex(rfc)).toBe("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  const [salt, code] = [randomBytes(16), pictureCodeBytes([7, 0, 63, 12, 12, 40, 5])];
  const there = argon2id(code, salt, { t: KDF_FLOOR.passes, m: KDF_FLOOR.memoryKiB, p: 1, dkLen: 32 });
  expect(deriveCodeSeed(code, { ...KDF_FLOOR, salt })).toEqual(there);
});

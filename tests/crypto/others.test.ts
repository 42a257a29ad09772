/** Other people's vectors, through the functions of crypto/sodium.ts. Where each comes from: tests/vectors/README.md. */
import { ed25519 } from "@noble/curves/ed25519.js";
import sodium from "libsodium-wrappers-sumo";
import { describe, expect, test } from "vitest";
import { ready, sha256, sign, signingPairFromSeed, toHex } from "../../crypto/sodium.ts";
import { othersChecks } from "../vectors/others-checks.ts";

await ready();
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));

describe("X-Wing, Ed25519, XChaCha20-Poly1305", () => {
  test.each(othersChecks().map(({ name, run }) => [name, run] as const))("%s", async (_, run) => {
    expect(await run()).toBeUndefined();
  });

  test("signing gives the bytes of RFC 8032 §7.1, tests 1 to 3", () => {
    const rfc = [
      [
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
      ],
      [
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      ],
      [
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
      ],
    ] as const;
    for (const [seed, message, signature] of rfc) {
      expect(toHex(sign(bytes(message), signingPairFromSeed(bytes(seed)).privateKey))).toBe(signature);
      expect(ed25519.verify(bytes(signature), bytes(message), signingPairFromSeed(bytes(seed)).publicKey)).toBe(true);
    }
  });
});

describe("SHA-256 (FIPS 180-4, appendix B) and BLAKE2b (RFC 7693, appendix A)", () => {
  test("abc", () => {
    expect(toHex(sha256(new TextEncoder().encode("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(sodium.crypto_generichash(64, "abc", null, "hex")).toBe(
      "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    );
  });
});

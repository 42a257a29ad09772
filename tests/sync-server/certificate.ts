/** A self-signed certificate for this machine, made anew for each run: X.509 v3 in DER, as far as TLS asks for it. */
import { generateKeyPairSync, sign } from "node:crypto";

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const time = (text: string): Buffer => der(0x17, Buffer.from(text, "ascii"));
const pem = (label: string, bytes: Uint8Array): string => {
  const lines = Buffer.from(bytes).toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};

/** OID 1.3.101.112 */
const ED25519 = sequence(Buffer.of(0x06, 3, 0x2b, 0x65, 0x70));
/** OID 2.5.4.3 */
const COMMON_NAME = Buffer.of(0x06, 3, 0x55, 0x04, 0x03);

/** Valid from 2020 to 2049. */
export function createCertificate(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from("localhost")))));
  const toSign = sequence(
    der(0xa0, der(0x02, Buffer.of(2))), // version 3
    der(0x02, Buffer.of(1)), // serial number
    ED25519,
    name,
    sequence(time("200101000000Z"), time("491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.of(0), sign(null, toSign, privateKey));
  return {
    cert: pem("CERTIFICATE", sequence(toSign, ED25519, signature)),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

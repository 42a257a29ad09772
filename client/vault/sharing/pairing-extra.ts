/**
 * What each side adds to its pairing message (`extra` of crypto/pairing.ts), as JSON in UTF-8:
 * {"v": 1, "by": "scan" | "link", "author": base64url of the 32-byte author public key for the circle of the two}.
 * It is sealed and authenticated by the pairing, so neither the server nor somebody who only saw the QR code can put
 * another author key there. Spec: docs/protocol/circles.md §2.
 */
import * as v from "valibot";
import { fromUtf8, utf8 } from "../../../crypto/bytes.ts";
import { CryptoError } from "../../../crypto/errors.ts";
import { fromBase64Url, toBase64Url } from "../../../crypto/sodium.ts";
import type { AuthorPublicKey } from "../../../crypto/types.ts";
import type { HandedOver } from "./ledger.ts";

const AUTHOR_BYTES = 32;
const Extra = v.object({ v: v.literal(1), by: v.picklist(["scan", "link"]), author: v.string() });

export interface PairingExtra {
  readonly by: HandedOver;
  readonly author: AuthorPublicKey;
}

export const encodeExtra = ({ by, author }: PairingExtra): Uint8Array =>
  utf8(JSON.stringify({ v: 1, by, author: toBase64Url(author) }));

/** @throws CryptoError bad-format */
export function parseExtra(bytes: Uint8Array): PairingExtra {
  const { by, author } = parseJson(Extra, bytes);
  const key = fromBase64Url(author);
  if (key.length !== AUTHOR_BYTES) throw new CryptoError("bad-format", "author key");
  return { by, author: key as AuthorPublicKey };
}

/** Foreign JSON, checked against its schema. @throws CryptoError bad-format */
export function parseJson<Schema extends v.GenericSchema>(schema: Schema, bytes: Uint8Array): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch {
    throw new CryptoError("bad-format", "JSON");
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw new CryptoError("bad-format", "JSON of another shape");
  return result.output;
}

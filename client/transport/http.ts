/**
 * The HTTP half of the transport (docs/protocol/http.md) over `fetch`. Sends no cookies, follows no redirect, caches
 * nothing, names no referrer. Whatever fails on the way is `offline`; whatever the server refuses carries its code.
 */
import {
  decodeMissing,
  decodeRoom,
  encodeBlobCommit,
  encodeCreateSpace,
  encodeTokenOffer,
} from "../../protocol/codec.ts";
import type { HttpErrorCode } from "../../protocol/errors.ts";
import { HTTP_ERRORS, REFUSALS } from "../../protocol/errors.ts";
import type { Raised, ServerFacts } from "../../protocol/http.ts";
import { paths, schemes } from "../../protocol/http.ts";
import { bytesToHex } from "../../protocol/wire.ts";
import type { Http } from "../vault/ports.ts";
import { TransportError } from "../vault/ports.ts";

/** A chunk of 132 KB takes 50 s on a line of 20 kbit/s; longer than that is no line. */
const REQUEST_MS = 60_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** `base`: origin of the server without a slash at the end. */
export function createHttp(base: string, fetch: Fetch): Http {
  const ask = async (method: string, path: string, authorization: string | null, body?: Uint8Array) => {
    const headers = new Headers();
    if (authorization !== null) headers.set("Authorization", authorization);
    if (body !== undefined) headers.set("Content-Type", "application/octet-stream");
    const init: RequestInit = {
      method,
      headers,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(REQUEST_MS),
    };
    if (body !== undefined) init.body = body.slice();
    try {
      return await fetch(base + path, init);
    } catch {
      throw new TransportError("offline");
    }
  };

  /** Bytes of a 2xx answer; null for `not-found`. @throws TransportError */
  const bytesOf = async (response: Response): Promise<Uint8Array | null> => {
    if (response.ok) return readBytes(response);
    const { code } = await readError(response);
    if (code === "not-found") return null;
    throw new TransportError("refused", code);
  };

  const mustSucceed = async (response: Response): Promise<void> => {
    if (!response.ok) throw new TransportError("refused", (await readError(response)).code);
  };

  /** @throws TransportError refused internal when it isn't the answer of a Lomme server */
  const roomOf = async (response: Response): Promise<Raised> => {
    await mustSucceed(response);
    const body = await readBytes(response);
    try {
      return decodeRoom(body);
    } catch {
      throw new TransportError("refused", "internal");
    }
  };

  return {
    server: async () => {
      const response = await ask("GET", paths.server, null);
      await mustSucceed(response);
      return readServer(response);
    },

    createSpace: async (space, bearer) =>
      mustSucceed(await ask("POST", paths.spaces, bearer && `${schemes.creation} ${bearer}`, encodeCreateSpace(space))),

    readRoom: async (token, space) => roomOf(await ask("GET", paths.room(space), `${schemes.blob} ${token}`)),

    offerToken: async (token, space, creation) =>
      roomOf(await ask("POST", paths.room(space), `${schemes.blob} ${token}`, encodeTokenOffer(creation))),

    getWrap: async (tag) => {
      const response = await ask("GET", paths.wrap(tag), null);
      if (response.status !== 425) return bytesOf(response);
      const { seconds } = await readError(response);
      return seconds;
    },

    drop: async (key, authorization, sealed) =>
      mustSucceed(await ask("POST", paths.drop(bytesToHex(key)), authorization, sealed)),

    dropAttachment: async (key, authorization) =>
      bytesOf(await ask("GET", paths.dropAttachment(bytesToHex(key)), authorization)),

    putChunk: async (token, space, document, blob, index, chunk) =>
      mustSucceed(
        await ask(
          "PUT",
          `${paths.blobChunk(space, blob, index)}?document=${document}`,
          `${schemes.blob} ${token}`,
          chunk,
        ),
      ),

    missingChunks: async (token, space, blob, chunks) => {
      const response = await ask(
        "GET",
        `${paths.blobMissing(space, blob)}?chunks=${chunks}`,
        `${schemes.blob} ${token}`,
      );
      await mustSucceed(response);
      const body = await readBytes(response);
      try {
        return decodeMissing(body);
      } catch {
        throw new TransportError("refused", "bad-frame");
      }
    },

    commitBlob: async (token, space, blob, hashes) =>
      mustSucceed(
        await ask("POST", paths.blobCommit(space, blob), `${schemes.blob} ${token}`, encodeBlobCommit(hashes)),
      ),

    getChunk: async (token, space, blob, index) =>
      bytesOf(await ask("GET", paths.blobChunk(space, blob, index), `${schemes.blob} ${token}`)),
  };
}

async function readBytes(response: Response): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new TransportError("offline");
  }
}

function isCode(code: unknown): code is HttpErrorCode {
  return typeof code === "string" && (code in REFUSALS || code in HTTP_ERRORS);
}

/** What isn't our error body (a proxy's page, garbage) is `internal`: nothing was acknowledged. */
async function readError(response: Response): Promise<{ code: HttpErrorCode; seconds: number }> {
  const body: unknown = await response.json().catch(() => null);
  const { code, seconds } = (body ?? {}) as { code?: unknown; seconds?: unknown };
  return {
    code: isCode(code) ? code : "internal",
    seconds: typeof seconds === "number" && Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : 0,
  };
}

/** @throws TransportError refused internal when it isn't the answer of a Lomme server */
async function readServer(response: Response): Promise<ServerFacts> {
  const body: unknown = await response.json().catch(() => null);
  const facts = (body ?? {}) as Partial<Record<keyof ServerFacts, unknown>>;
  const isId = (id: unknown): boolean => typeof id === "string" && /^[0-9a-f]{32}$/.test(id);
  if (!isId(facts.server) || !isId(facts.incarnation)) throw new TransportError("refused", "internal");
  return facts as ServerFacts;
}

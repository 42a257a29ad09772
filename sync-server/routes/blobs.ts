/** Sealed chunks over HTTP, resumable. Spec: docs/protocol/http.md §5. */
import { createHash } from "node:crypto";
import type { Context, Hono } from "hono";
import { decodeBlobCommit, encodeMissing } from "../../protocol/codec.ts";
import { ProtocolError } from "../../protocol/errors.ts";
import type { BlobId, DocumentTag } from "../../protocol/frames.ts";
import { paths } from "../../protocol/http.ts";
import { MAX_CHUNK_BYTES, MAX_CHUNKS_PER_BLOB } from "../../protocol/limits.ts";
import { today } from "../clock.ts";
import { type BlobChunk, StorageError } from "../storage/port.ts";
import { pathId, readBody } from "./answers.ts";
import type { AppDeps } from "./deps.ts";
import { requireGrant, underToken } from "./grants.ts";

const BYTES = { "Content-Type": "application/octet-stream" } as const;
const MAX_COMMIT_BYTES = MAX_CHUNKS_PER_BLOB * 32 + 8;

export function addBlobRoutes(app: Hono, deps: AppDeps): void {
  const { storage, blobs, clock } = deps;

  app.put(paths.blobChunk(":space", ":blob", ":index"), async (context) => {
    const grant = requireGrant(deps, context, "write");
    const document = context.req.query("document") ?? "";
    if (!/^[0-9a-f]{32}$/.test(document)) throw new ProtocolError("bad-frame");
    const blob = pathId<BlobId>(context, "blob");
    const index = readIndex(context);
    const body = await readBody(context, MAX_CHUNK_BYTES);
    if (body.length === 0) throw new ProtocolError("bad-frame");
    const chunk: BlobChunk = {
      space: grant.space,
      blob,
      document: document as DocumentTag,
      index,
      bytes: body.length,
      hash: createHash("sha256").update(body).digest(),
    };
    if (await underToken(storage.admitChunk(grant, chunk))) {
      const day = today(clock);
      await blobs.write(grant.space, blob, index, body, day);
      await underToken(storage.recordChunk(grant, chunk, day));
    }
    return context.body(null, 204);
  });

  app.get(paths.blobMissing(":space", ":blob"), async (context) => {
    const grant = requireGrant(deps, context, "write");
    const chunks = readNumber(context.req.query("chunks"), MAX_CHUNKS_PER_BLOB);
    const missing = await underToken(storage.missingChunks(grant, pathId(context, "blob"), chunks));
    return context.body(new Uint8Array(encodeMissing(missing)), 200, BYTES);
  });

  app.post(paths.blobCommit(":space", ":blob"), async (context) => {
    const grant = requireGrant(deps, context, "write");
    const blob = pathId<BlobId>(context, "blob");
    const hashes = decodeBlobCommit(await readBody(context, MAX_COMMIT_BYTES));
    // Read back what lies on the disk: rows and files could differ after a crash between the two.
    let isWhole = true;
    for (const [index, hash] of hashes.entries()) {
      const stored = await blobs.hash(grant.space, blob, index);
      if (stored !== null && Buffer.compare(stored, hash) === 0) continue;
      isWhole = false;
      if (!(await underToken(storage.reportChunk(grant, blob, index, stored)))) break;
    }
    if (!isWhole) throw new StorageError("op-conflict");
    await underToken(storage.commitBlob(grant, blob, hashes));
    return context.body(null, 204);
  });

  app.get(paths.blobChunk(":space", ":blob", ":index"), async (context) => {
    const grant = requireGrant(deps, context, "read");
    const blob = pathId<BlobId>(context, "blob");
    const index = readIndex(context);
    const known = await underToken(storage.hasChunk(grant, blob, index));
    const bytes = known ? await blobs.read(grant.space, blob, index) : null;
    if (bytes === null) throw new ProtocolError("not-found");
    return context.body(new Uint8Array(bytes), 200, BYTES);
  });
}

const readIndex = (context: Context): number => readNumber(context.req.param("index"), MAX_CHUNKS_PER_BLOB - 1);

/** @throws bad-frame */
function readNumber(text: string | undefined, max: number): number {
  if (text === undefined || !/^(0|[1-9]\d{0,5})$/.test(text) || Number(text) > max)
    throw new ProtocolError("bad-frame");
  return Number(text);
}

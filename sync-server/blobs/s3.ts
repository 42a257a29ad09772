/**
 * Sealed chunks as objects of an S3-compatible store: `<space>/<blob>/<index>`. A PUT replaces in one step and is
 * answered when the object is safe; its SHA-256 is signed with it, so what was cut off or changed on the way is refused.
 * The store keeps the second of each write by itself, which no client can set (docs/operations.md §6).
 */
import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import type { BlobId, SpaceId } from "../../protocol/frames.ts";
import { StorageError } from "../storage/port.ts";
import type { BlobStore } from "./port.ts";

export interface S3Options {
  /** https://host[:port]; the bucket is named in the path, which every store understands. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ID = /^[0-9a-f]{32}$/;
const BLOB = /^[0-9a-f]{32}\/[0-9a-f]{32}$/;
const DAY_MS = 86_400_000;
/** For one chunk of 129 KiB either way. */
const TIMEOUT_MS = 30_000;
/** A busy store answers 5xx now and then; the client repeats with growing pauses. */
const RETRIES = 3;

interface Listed {
  readonly key: string;
  readonly modifiedMs: number;
}

export function createS3Blobs({ endpoint, bucket, ...keys }: S3Options): BlobStore {
  const client = new AwsClient({ ...keys, service: "s3", retries: RETRIES });
  const root = `${endpoint.replace(/\/$/, "")}/${bucket}`;

  const prefixOf = (space: SpaceId, blob: BlobId): string => {
    if (!ID.test(space) || !ID.test(blob)) throw new StorageError("bad-frame", "id"); // ids become paths: never trust
    return `${space}/${blob}/`;
  };

  /** @throws storage-failed but for the statuses that are answers */
  async function request(path: string, init: RequestInit, answers: readonly number[]): Promise<Response> {
    let response: Response;
    try {
      response = await client.fetch(root + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      throw new StorageError("storage-failed", error instanceof Error ? error.name : undefined);
    }
    if (answers.includes(response.status)) return response;
    await response.body?.cancel();
    throw new StorageError("storage-failed", `S3 ${response.status}`);
  }

  async function read(space: SpaceId, blob: BlobId, index: number): Promise<Uint8Array | null> {
    const response = await request(`/${prefixOf(space, blob)}${index}`, {}, [200, 404]);
    if (response.status === 200) return new Uint8Array(await readWhole(response));
    await response.body?.cancel();
    return null;
  }

  async function* list(prefix: string): AsyncIterable<Listed> {
    for (let token = ""; ; ) {
      const query = new URLSearchParams({ "list-type": "2", prefix, ...(token && { "continuation-token": token }) });
      const response = await request(`?${query}`, {}, [200]);
      const xml = Buffer.from(await readWhole(response)).toString();
      yield* readListing(xml);
      token = unescapeXml(/<NextContinuationToken>([^<]*)</.exec(xml)?.[1] ?? "");
      if (token === "") return;
    }
  }

  return {
    async write(space, blob, index, bytes) {
      const headers = { "X-Amz-Content-Sha256": createHash("sha256").update(bytes).digest("hex") };
      const body = new Uint8Array(bytes);
      const init = { method: "PUT", body, headers };
      const response = await request(`/${prefixOf(space, blob)}${index}`, init, [200]);
      await response.body?.cancel();
    },
    read,
    async hash(space, blob, index) {
      const bytes = await read(space, blob, index);
      return bytes === null ? null : createHash("sha256").update(bytes).digest();
    },
    async remove(space, blob) {
      for await (const { key } of list(prefixOf(space, blob))) {
        const response = await request(`/${key}`, { method: "DELETE" }, [200, 204, 404]);
        await response.body?.cancel();
      }
    },
    async *listBefore(day) {
      // Objects come in the order of their keys, so those of a blob come together; its newest chunk decides.
      let current = "";
      let newestMs = 0;
      const isOld = (): boolean => BLOB.test(current) && newestMs < day * DAY_MS;
      for await (const { key, modifiedMs } of list("")) {
        const path = key.slice(0, key.lastIndexOf("/"));
        if (path !== current) {
          if (isOld()) yield toIds(current);
          current = path;
          newestMs = 0;
        }
        newestMs = Math.max(newestMs, modifiedMs);
      }
      if (isOld()) yield toIds(current);
    },
  };
}

function toIds(path: string): { readonly space: SpaceId; readonly blob: BlobId } {
  const [space, blob] = path.split("/") as [SpaceId, BlobId];
  return { space, blob };
}

async function readWhole(response: Response): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (error) {
    throw new StorageError("storage-failed", error instanceof Error ? error.name : undefined);
  }
}

/** Our keys are hexadecimal digits and slashes, so the listing needs no XML parser: anything else is skipped. */
function* readListing(xml: string): Iterable<Listed> {
  for (const [, contents] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const key = /<Key>([0-9a-f/]+)<\/Key>/.exec(contents as string)?.[1];
    const modified = /<LastModified>([^<]+)<\/LastModified>/.exec(contents as string)?.[1];
    if (key !== undefined && modified !== undefined) yield { key, modifiedMs: Date.parse(modified) };
  }
}

const unescapeXml = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_, name: "amp") => ({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" })[name],
  );

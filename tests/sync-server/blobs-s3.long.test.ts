import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createS3Blobs } from "../../sync-server/blobs/s3.ts";
import { acceptBlobs } from "./blob-acceptance.ts";
import { newId } from "./made-up.ts";
import { freePort } from "./postgres.ts";
import { startS3 } from "./s3.ts";

acceptBlobs("s3", async () => {
  const s3 = await startS3();
  return { blobs: createS3Blobs(s3.options), dispose: () => s3.dispose() };
});

describe("s3", () => {
  let s3: Awaited<ReturnType<typeof startS3>>;
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(() => s3.dispose());

  test("a listing in several answers is read to its end, with tokens as stores write them", async () => {
    // s3rver fails on its own truncated listings (createCipher is gone from Node), so the two answers of the API's
    // documentation are served here.
    const [space, blob] = [newId<never>(), newId<never>()];
    const token = "1ueGcx/+==&amp;JPR";
    const item = (index: number) =>
      `<Contents><Key>${space}/${blob}/${index}</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified></Contents>`;
    const deleted: string[] = [];
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://localhost");
      if (request.method === "DELETE") {
        deleted.push(url.pathname.split("/").at(-1) ?? "");
        response.writeHead(204).end();
        return;
      }
      const asked = url.searchParams.get("continuation-token");
      const isSecond = asked === "1ueGcx/+==&JPR";
      const next = `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`;
      const page = isSecond ? item(2) : `${next}${item(0)}${item(1)}`;
      response.writeHead(asked === null || isSecond ? 200 : 400);
      response.end(`<?xml version="1.0"?><ListBucketResult>${page}</ListBucketResult>`);
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    const blobs = createS3Blobs({ ...s3.options, endpoint: `http://127.0.0.1:${port}` });
    const old = [];
    for await (const one of blobs.listBefore(30_000)) old.push(one);
    expect(old).toEqual([{ space, blob }]);
    await blobs.remove(space, blob);
    expect(deleted).toEqual(["0", "1", "2"]);
    server.closeAllConnections();
    server.close();
  });

  test("wrong keys and a store that is away are failures, not absences; none names a chunk", async () => {
    const [space, blob] = [newId<never>(), newId<never>()];
    const stranger = createS3Blobs({ ...s3.options, accessKeyId: "nobody" });
    const failure = expect.objectContaining({ code: "storage-failed", message: expect.not.stringContaining(space) });
    await expect(stranger.write(space, blob, 0, randomBytes(5), 0)).rejects.toEqual(failure);
    await expect(stranger.read(space, blob, 0)).rejects.toEqual(failure);
    await s3.stop();
    const blobs = createS3Blobs(s3.options);
    await expect(blobs.write(space, blob, 0, randomBytes(5), 0)).rejects.toEqual(failure);
    await expect(blobs.read(space, blob, 0)).rejects.toEqual(failure);
  });
});

import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BlobId, SpaceId } from "../../protocol/frames.ts";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import { acceptBlobs } from "./blob-acceptance.ts";
import { newDirectory, newId } from "./made-up.ts";

acceptBlobs("disk", async () => {
  const directory = await newDirectory("blobs");
  return {
    blobs: createDiskBlobs(join(directory, "blobs")),
    dispose: () => rm(directory, { recursive: true }),
  };
});

/** S3 promises this itself; the server that stands for it in the tests doesn't always keep it. */
test("disk: two that write one chunk at once leave one of them whole", async () => {
  const directory = await newDirectory("blobs");
  const blobs = createDiskBlobs(join(directory, "blobs"));
  const [space, blob] = [newId<SpaceId>(), newId<BlobId>()];
  for (let round = 0; round < 20; round += 1) {
    const both = [randomBytes(3000), randomBytes(2000)];
    await Promise.all(both.map((bytes) => blobs.write(space, blob, 0, bytes, 1)));
    const left = Buffer.from((await blobs.read(space, blob, 0)) ?? []);
    expect(both.some((bytes) => bytes.equals(left))).toBe(true);
  }
  await rm(directory, { recursive: true });
});

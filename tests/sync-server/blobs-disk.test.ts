import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createDiskBlobs } from "../../sync-server/blobs/disk.ts";
import { acceptBlobs } from "./blob-acceptance.ts";
import { newDirectory } from "./made-up.ts";

acceptBlobs("disk", async () => {
  const directory = await newDirectory("blobs");
  return {
    blobs: createDiskBlobs(join(directory, "blobs")),
    dispose: () => rm(directory, { recursive: true }),
  };
});

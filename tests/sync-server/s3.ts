/** An S3 server of the test's own, in this process, with one bucket in a directory that goes away again. */
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import type { S3Options } from "../../sync-server/blobs/s3.ts";
import { newDirectory } from "./made-up.ts";
import { freePort } from "./postgres.ts";

interface S3rver {
  run(): Promise<unknown>;
  close(): Promise<void>;
}
/** s3rver has no types; these are its documented options that we use. */
type S3rverClass = new (options: {
  port: number;
  address: string;
  silent: boolean;
  directory: string;
  configureBuckets: readonly { name: string }[];
}) => S3rver;

export interface TestS3 {
  readonly options: S3Options;
  stop(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startS3(): Promise<TestS3> {
  const S3rver = createRequire(import.meta.url)("s3rver") as S3rverClass;
  const directory = await newDirectory("s3");
  const port = await freePort();
  const bucket = "lomme";
  const server = new S3rver({
    port,
    address: "127.0.0.1",
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  await server.run();
  let isRunning = true;
  const stop = async (): Promise<void> => {
    if (isRunning) await server.close();
    isRunning = false;
  };
  return {
    // The only keys that s3rver knows.
    options: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket,
      region: "us-east-1",
      accessKeyId: "S3RVER",
      secretAccessKey: "S3RVER",
    },
    stop,
    async dispose() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

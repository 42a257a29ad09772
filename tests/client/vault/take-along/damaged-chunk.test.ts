/** A recording of which a chunk in the middle is damaged costs itself, never the whole copy. */
import { expect, test } from "vitest";
import { appendText } from "../../../../client/documents/entry.ts";
import { readRecordings } from "../../../../client/documents/recordings.ts";
import { plainToRichText } from "../../../../client/documents/rich-text.ts";
import { Child, unpack } from "./archives.ts";

test("a chunk after the first that doesn't open: the recording is missing, everything else is in the file", async () => {
  const alma = await Child.create();
  const document = await alma.vault.createDocument("entry");
  await alma.write(document, (doc) => appendText(doc, plainToRichText("Min sang")));
  await alma.record(document, 400_000);
  await alma.record(document, 300_000);
  const { pocket: space } = alma.pocket.keyring.me;
  const recordings = await alma.pocket.documents.read(space, document, readRecordings);
  const blob = recordings[0]?.media.blob ?? "";
  const { store } = alma.pocket;
  const key = store.key(["chunk", space, blob], "2");
  const bytes = await store.raw.get("blobs", key);
  if (bytes === null) throw new Error("no such chunk");
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  await store.raw.commit([{ put: "blobs", key, bytes }]);

  const { file, made } = await alma.takeAlong();
  expect(made).toMatchObject({ documents: 1, recordings: 2, missing: 1 });
  const names = [...(await unpack(file)).keys()];
  expect(names.filter((name) => name.startsWith("media/"))).toHaveLength(1);
  const again = await Child.create();
  expect(await again.bringIn(file)).toMatchObject({ documents: 1 });
  expect(await again.vault.timeline("entry")).toMatchObject([{ excerpt: "Min sang" }]);
  for (const one of [alma, again]) await one.pocket.close();
});

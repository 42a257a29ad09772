/** Limits that must fit each other, and what crypto/ makes. */
import { expect, test } from "vitest";
import { MAX_SEALED_CHUNK_BYTES } from "../../crypto/blobs.ts";
import { MAX_INNER_BYTES, sealedRecordBytes } from "../../crypto/records.ts";
import {
  MAX_CHUNK_BYTES,
  MAX_DROP_BYTES,
  MAX_DROPS_PAGE_BYTES,
  MAX_FRAME_BYTES,
  MAX_PAGE_BYTES,
  MAX_PAGE_RECORDS,
  MAX_POLL_BYTES,
  MAX_SEALED_BYTES,
  SEND_BUFFER_CLOSE_BYTES,
  SEND_BUFFER_PAUSE_BYTES,
} from "../../protocol/limits.ts";
import { storedRecordBytes } from "../../protocol/shapes.ts";

/** 52: what packing leaves out at the least. */
test("the largest record and chunk that can be sealed can be sent", () => {
  expect(sealedRecordBytes(MAX_INNER_BYTES - 52)).toBeLessThanOrEqual(MAX_SEALED_BYTES);
  expect(MAX_SEALED_CHUNK_BYTES).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
});

test("a page holds any one record, and a frame any page", () => {
  expect(storedRecordBytes(MAX_SEALED_BYTES)).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  // type, request, space, head, more, count
  expect(MAX_PAGE_BYTES + 1 + 8 + 16 + 8 + 1 + 2).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  expect(MAX_PAGE_RECORDS * storedRecordBytes(256)).toBeLessThanOrEqual(MAX_FRAME_BYTES);
  expect(MAX_DROPS_PAGE_BYTES).toBeGreaterThanOrEqual(3 * (MAX_DROP_BYTES + 64));
});

test("buffers are larger than what goes into them", () => {
  expect(MAX_POLL_BYTES).toBeGreaterThan(2 * MAX_FRAME_BYTES);
  expect(SEND_BUFFER_PAUSE_BYTES).toBeGreaterThanOrEqual(4 * MAX_FRAME_BYTES);
  expect(SEND_BUFFER_CLOSE_BYTES).toBeGreaterThan(SEND_BUFFER_PAUSE_BYTES + MAX_FRAME_BYTES);
});

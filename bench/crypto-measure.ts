/**
 * Times crypto/ beside the raw libsodium calls on the same bytes, in whatever realm it runs: Node, or a worker in
 * Chromium. Ours and raw take turns, round by round, so that a busy machine slows both; the median round counts.
 */
import sodium from "libsodium-wrappers-sumo";
import { createBlobKey, createBlobOpener, createBlobSealer, openBlob, sealBlob } from "../crypto/blobs.ts";
import { createAuthorKeys } from "../crypto/identity.ts";
import { randomId } from "../crypto/ids.ts";
import { hashInner, NO_PREVIOUS, signInner, verifyInner } from "../crypto/inner.ts";
import { createOwnSeed, deriveLadder } from "../crypto/ladder.ts";
import { openRecord, sealRecord } from "../crypto/records.ts";
import { ready } from "../crypto/sodium.ts";
import type { BlobId, ChainId, DocumentTag, OpId, SealedChunk, SpaceId, WayIn, WayInSeed } from "../crypto/types.ts";
import { createBurn, createKdfParams, createVaultKey, KDF_FLOOR } from "../crypto/unlocking.ts";
import { createWayIn, openWayIn } from "../crypto/ways-in.ts";

export type Figure = { readonly ourMBps: number; readonly rawMBps: number; readonly ratio: number };
export type Figures = { readonly blob: Record<string, Figure>; readonly record: Record<string, Figure> };
/** Microseconds per call, for the text above the last line. */
export type Details = Record<string, number>;

const ROUNDS = 61;
// Shorter than a time slice of the scheduler, so that a busy machine spoils some rounds and not all.
const ROUND_MS = 4;
const KIB = 1024;
const RECORD_SIZES = [256, 4 * KIB, 64 * KIB];
const BLOB_SIZES = [256, 4 * KIB, 64 * KIB, 1024 * KIB];
const STREAM_BYTES = 32 * 1024 * KIB;
const PIECE_BYTES = 64 * KIB;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Milliseconds per call of each, by turns. */
function race(ours: () => void, raw: () => void, rounds = ROUNDS): [number, number] {
  const time = (act: () => void, calls: number) => {
    const start = performance.now();
    for (let i = 0; i < calls; i++) act();
    return (performance.now() - start) / calls;
  };
  // Warm up, and find out how many calls make a round.
  const calls = Math.max(1, Math.ceil(ROUND_MS / Math.max(time(ours, 5), time(raw, 5), 0.001)));
  const pairs = Array.from({ length: rounds }, () => [time(ours, calls), time(raw, calls)] as const);
  return [median(pairs.map(([our]) => our)), median(pairs.map(([, rawMs]) => rawMs))];
}

function figure(bytes: number, ourMs: number, rawMs: number): Figure {
  // Sealed once and opened once, so the bytes count twice.
  const megabytesPerSecond = (ms: number) => Number(((2 * bytes) / 1e6 / (ms / 1000)).toFixed(1));
  return {
    ourMBps: megabytesPerSecond(ourMs),
    rawMBps: megabytesPerSecond(rawMs),
    ratio: Number((rawMs / ourMs).toFixed(3)),
  };
}

function someBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31) ^ (i >> 8);
  return bytes;
}

const rawKey = new Uint8Array(32).fill(7);
const rawNonce = new Uint8Array(24).fill(9);
const rawSeal = (bytes: Uint8Array) =>
  sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes, null, null, rawNonce, rawKey);
const rawOpen = (sealed: Uint8Array) =>
  sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, sealed, null, rawNonce, rawKey);

export async function measure(): Promise<{ figures: Figures; details: Details }> {
  await ready();
  const details: Details = {};
  const noteMicroseconds = (name: string, act: () => void) => {
    details[name] = Number((race(act, () => undefined)[0] * 1000).toFixed(1));
  };

  const record: Record<string, Figure> = {};
  const space = randomId<SpaceId>();
  const author = createAuthorKeys();
  const { contentKey } = deriveLadder({ right: "own", seed: createOwnSeed(), space, epoch: 1 });
  for (const size of RECORD_SIZES) {
    const payload = someBytes(size);
    const outer = { space, document: randomId<DocumentTag>(), kind: "said", epoch: 1, opId: randomId<OpId>() } as const;
    const sign = () =>
      signInner(
        {
          ...outer,
          chain: randomId<ChainId>(),
          counter: 1,
          previous: NO_PREVIOUS,
          heads: NO_PREVIOUS,
          clientIds: [],
          payload,
        },
        author.privateKey,
      );
    const inner = sign();
    const [ourMs, rawMs] = race(
      () => openRecord(sealRecord(inner, outer, contentKey), outer, contentKey),
      () => rawOpen(rawSeal(payload)),
    );
    record[size] = figure(size, ourMs, rawMs);
    noteMicroseconds(`record ${size}: sign, once per record`, sign);
    noteMicroseconds(`record ${size}: verify, newest of a chain`, () => verifyInner(inner, author.publicKey));
    noteMicroseconds(`record ${size}: chain hash`, () => hashInner(inner));
    noteMicroseconds(`record ${size}: seal`, () => sealRecord(inner, outer, contentKey));
    const padded = new Uint8Array(sealRecord(inner, outer, contentKey).length - 73);
    noteMicroseconds(`record ${size}: raw seal of the padded size`, () => rawSeal(padded));
  }
  const block = someBytes(190);
  noteMicroseconds("commitment and message key (one BLAKE2b)", () => sodium.crypto_generichash(64, block, rawKey));

  const blob: Record<string, Figure> = {};
  const [key, id] = [createBlobKey(), randomId<BlobId>()];
  for (const size of BLOB_SIZES) {
    const bytes = someBytes(size);
    blob[size] = figure(
      size,
      ...race(
        () => openBlob(key, id, sealBlob(key, id, bytes)),
        () => rawOpen(rawSeal(bytes)),
      ),
    );
  }
  const piece = someBytes(PIECE_BYTES);
  blob[STREAM_BYTES] = figure(
    STREAM_BYTES,
    ...race(
      () => streamOnce(key, id, piece),
      () => {
        for (let done = 0; done < STREAM_BYTES; done += PIECE_BYTES) rawOpen(rawSeal(piece));
      },
      3,
    ),
  );

  const wayIn = createWayIn({
    kind: "pictures",
    seed: rawKey as WayInSeed,
    params: createKdfParams(KDF_FLOOR),
    vaultKey: createVaultKey(),
    burn: createBurn(),
  });
  const hostile = wayIn.slice() as WayIn;
  new DataView(hostile.buffer).setUint32(3, 2 ** 32 - 1);
  noteMicroseconds("hostile header (4 TiB of memory) refused", () => {
    try {
      openWayIn(hostile, rawKey as WayInSeed, createBurn());
    } catch {
      return;
    }
    throw new Error("a hostile header went through");
  });
  return { figures: { blob, record }, details };
}

function streamOnce(key: ReturnType<typeof createBlobKey>, id: BlobId, piece: Uint8Array): void {
  const [sealer, opener] = [createBlobSealer(key, id), createBlobOpener(key, id)];
  let held: SealedChunk | null = null;
  const pass = (chunks: readonly SealedChunk[]) => {
    for (const chunk of chunks) {
      if (held !== null) opener.push(held, false);
      held = chunk;
    }
  };
  for (let done = 0; done < STREAM_BYTES; done += PIECE_BYTES) pass(sealer.push(piece));
  pass(sealer.finish());
  if (held !== null) opener.push(held, true);
  opener.finish();
}

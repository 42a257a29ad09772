/**
 * Recording a voice note or a short video straight into the vault: what the browser's recorder gives, about once a second,
 * is sealed and committed before the next piece comes. Nothing is ever a file, and nothing reaches the device's gallery.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { transfer } from "comlink";
import type { DocumentTag, MediaType } from "../documents/kinds.ts";
import { MEDIA_TYPES } from "../documents/kinds.ts";
import { beforeSealing } from "./before-sealing.ts";
import { countsAsUse } from "./lock.ts";
import { createPeaks } from "./peaks.ts";
import { vault, vaultCode } from "./vault.ts";

export type RecordedKind = "sound" | "video";

/** A hidden, locked or ended page loses at most this of a recording. */
const PIECE_MS = 1_000;
const LEVEL_MS = 100;
/** A lock waits so long for the last piece; what doesn't make it is finished at the next unlock. */
const END_AT_MOST_MS = 700;

/** Long enough to tell something; a video of two minutes is some 10 MB, of 50 that a pocket has before it is paired. */
export const MOST_MS: Readonly<Record<RecordedKind, number>> = { sound: 10 * 60_000, video: 2 * 60_000 };

/** Opus is clear speech at 32 kbit/s; 640 × 480 is enough for a face and a drawing. */
const BITS = { audioBitsPerSecond: 32_000, videoBitsPerSecond: 600_000 } as const;
const VIDEO = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 }, facingMode: "user" };
const AUDIO = { channelCount: 1, echoCancellation: true, noiseSuppression: true };

const FORMATS: Readonly<Record<RecordedKind, readonly string[]>> = {
  sound: ["audio/webm;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4", "audio/webm"],
  video: [
    "video/webm;codecs=vp8,opus",
    "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
    "video/mp4;codecs=avc1.42E01E,opus",
    "video/webm",
    "video/mp4",
  ],
};

/** Why it could not begin, or why it ended by itself. What was recorded by then is kept. */
export type RecorderTrouble =
  /** the person or the browser said no to microphone or camera */
  | "denied"
  /** there is none, or something else has it */
  | "none"
  /** the browser records nothing we can keep */
  | "unsupported"
  | "full"
  /** there is no room for one; nothing was begun, and the camera stayed off */
  | "no-room"
  | "failed";

export class RecorderRefusal extends Error {
  readonly trouble: RecorderTrouble;
  constructor(trouble: RecorderTrouble) {
    super(trouble);
    this.name = "RecorderRefusal";
    this.trouble = trouble;
  }
}

export interface Recording {
  readonly kind: RecordedKind;
  readonly elapsedMs: ReadonlySignal<number>;
  readonly peaks: ReadonlySignal<readonly number[]>;
  /** True once it has ended, by `stop`, at its longest, on hiding the page, or by itself. */
  readonly ended: ReadonlySignal<boolean>;
  readonly trouble: ReadonlySignal<RecorderTrouble | null>;
  /** What the camera sees, for a preview. */
  readonly stream: MediaStream;
  /** Ends it and puts it into the entry; resolves when it stands there. May be called twice. */
  stop(): Promise<void>;
  /** Ends it and throws away what was recorded. */
  drop(): Promise<void>;
}

/** True where the browser can record something of this kind. */
export const canRecord = (kind: RecordedKind): boolean =>
  typeof MediaRecorder !== "undefined" && navigator.mediaDevices !== undefined && formatOf(kind) !== undefined;

const formatOf = (kind: RecordedKind): string | undefined =>
  FORMATS[kind].find((format) => MediaRecorder.isTypeSupported(format));

/** Asks for the microphone (and camera) and begins. @throws RecorderRefusal */
export async function startRecording(document: DocumentTag, kind: RecordedKind): Promise<Recording> {
  const format = canRecord(kind) ? formatOf(kind) : undefined;
  const type = MEDIA_TYPES.find((one) => format?.startsWith(one));
  if (format === undefined || type === undefined) throw new RecorderRefusal("unsupported");
  const fits = await vault()
    .roomFor(kind)
    .catch(() => true);
  if (!fits) throw new RecorderRefusal("no-room");
  const stream = await navigator.mediaDevices
    .getUserMedia({ audio: AUDIO, video: kind === "video" ? VIDEO : false })
    .catch((error: unknown) => {
      const name = error instanceof DOMException ? error.name : "";
      throw new RecorderRefusal(name === "NotAllowedError" || name === "SecurityError" ? "denied" : "none");
    });
  try {
    return await record(document, kind, stream, format, type);
  } catch (error) {
    for (const track of stream.getTracks()) track.stop();
    throw error instanceof RecorderRefusal ? error : new RecorderRefusal(troubleOf(error));
  }
}

const troubleOf = (error: unknown): RecorderTrouble => (vaultCode(error) === "storage-full" ? "full" : "failed");

async function record(
  document: DocumentTag,
  kind: RecordedKind,
  stream: MediaStream,
  format: string,
  type: MediaType,
): Promise<Recording> {
  const recorder = new MediaRecorder(stream, { mimeType: format, ...BITS });
  const blob = await vault().beginRecording(document, type);
  const elapsedMs = signal(0);
  const peaks = signal<readonly number[]>([]);
  const ended = signal(false);
  const trouble = signal<RecorderTrouble | null>(null);
  const loudness = listenTo(stream);
  const bars = createPeaks();
  const began = performance.now();
  let committing: Promise<void> = Promise.resolve();

  const keep = async (piece: Blob): Promise<void> => {
    const bytes = new Uint8Array(await piece.arrayBuffer());
    const shape = { durationMs: elapsedMs.peek(), peaks: bars.values() };
    await vault().appendRecording(blob, transfer(bytes, [bytes.buffer]), shape);
  };
  recorder.addEventListener("dataavailable", ({ data }) => {
    if (data.size === 0) return;
    committing = committing.then(async () => {
      // After a piece that could not be kept, the next ones would leave a hole.
      if (trouble.peek() !== null) return;
      await keep(data).catch((error: unknown) => {
        trouble.value = troubleOf(error);
        halt();
      });
    });
  });
  const stopped = new Promise<void>((resolve) => recorder.addEventListener("stop", () => resolve(), { once: true }));
  const halt = (): void => {
    if (recorder.state !== "inactive") recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  };

  const noLongerUsed = countsAsUse();
  const timer = setInterval(() => {
    elapsedMs.value = Math.min(MOST_MS[kind], Math.round(performance.now() - began));
    bars.add(loudness.now());
    peaks.value = bars.values();
    if (elapsedMs.value >= MOST_MS[kind]) void end("keep");
  }, LEVEL_MS);

  let ending: Promise<void> | null = null;
  const finish = async (what: "keep" | "drop"): Promise<void> => {
    clearInterval(timer);
    halt();
    await stopped;
    await committing;
    noLongerUsed();
    noLongerSealed();
    loudness.end();
    try {
      if (what === "drop") await vault().dropRecording(blob);
      else await vault().endRecording(blob);
    } catch (error) {
      // Every piece is on the disk; the next unlock finishes it.
      trouble.value ??= troubleOf(error);
    }
    ended.value = true;
  };
  const end = (what: "keep" | "drop"): Promise<void> => {
    ending ??= finish(what);
    return ending;
  };
  const noLongerSealed = beforeSealing(() => end("keep"), END_AT_MOST_MS);
  // A microphone that is pulled out, or taken by a call, ends its track.
  for (const track of stream.getTracks()) track.addEventListener("ended", () => void end("keep"));
  recorder.addEventListener("stop", () => void end("keep"));
  recorder.start(PIECE_MS);
  return { kind, elapsedMs, peaks, ended, trouble, stream, stop: () => end("keep"), drop: () => end("drop") };
}

/** How loud the microphone is right now, 0 … 1. */
function listenTo(stream: MediaStream): { now(): number; end(): void } {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    now: () => {
      analyser.getFloatTimeDomainData(samples);
      return samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
    },
    end: () => void context.close().catch(() => undefined),
  };
}

/**
 * A storage against a model of a few maps: random histories of appends, repeats, checkpoints, rotations, deletions,
 * pruning and restarts on two spaces; after each step the answer is the model's, at the end everything that can be read.
 */
import fc from "fast-check";
import { expect } from "vitest";
import type { OuterRecord, RecordKind, Seq } from "../../protocol/frames.ts";
import { RECORD_OVERHEAD_BYTES } from "../../protocol/limits.ts";
import type { Grant, Storage } from "../../sync-server/storage/port.ts";
import { randomKeys } from "./made-up.ts";
import type { StorageUnderTest } from "./storage-acceptance.ts";

interface ModelSpace {
  readonly id: Grant["space"];
  epoch: number;
  head: Seq;
  checkpoint: string | null;
  bytes: number;
  readonly ops: Map<string, { seq: Seq; record: OuterRecord }>;
  records: { seq: Seq; record: OuterRecord }[];
  readonly deleted: Set<string>;
}

export interface Model {
  readonly spaces: ModelSpace[];
  readonly quota: number;
}

export const modelSpace = (id: Grant["space"]): ModelSpace => ({
  id,
  epoch: 1,
  head: 0,
  checkpoint: null,
  bytes: 0,
  ops: new Map(),
  records: [],
  deleted: new Set(),
});

type Step = fc.AsyncCommand<Model, StorageUnderTest, false>;

const id = (number: number): string => number.toString(16).padStart(32, "0");
const spaceOf = (model: Model, which: number): ModelSpace => model.spaces[which % model.spaces.length] as ModelSpace;
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: { code?: string }) => error.code,
  );

/** The model's answer to any record, and its effect. */
function append(model: Model, space: ModelSpace, record: OuterRecord, provedEpoch: number): unknown {
  const known = space.ops.get(record.opId);
  if (known !== undefined) {
    const stored = space.records.find(({ seq }) => seq === known.seq);
    const same =
      stored === undefined || (stored.record.document === record.document && stored.record.kind === record.kind);
    return same ? { seq: known.seq, fresh: false } : "op-conflict";
  }
  if (provedEpoch !== space.epoch || record.epoch !== space.epoch) return "stale-epoch";
  if (space.deleted.has(record.document)) return "document-deleted";
  const cost = record.sealed.length + RECORD_OVERHEAD_BYTES;
  if (space.bytes + cost > model.quota) return "over-quota";
  space.bytes += cost;
  space.head++;
  space.ops.set(record.opId, { seq: space.head, record });
  space.records.push({ seq: space.head, record });
  return { seq: space.head, fresh: true };
}

function drop(space: ModelSpace, doomed: (one: { seq: Seq; record: OuterRecord }) => boolean): void {
  for (const one of space.records) if (doomed(one)) space.bytes -= one.record.sealed.length;
  space.records = space.records.filter((one) => !doomed(one));
}

/** A step that asks the storage and the model the same. */
function step(name: string, ask: (model: Model, storage: Storage) => [Promise<unknown>, () => unknown]): Step {
  return {
    check: () => true,
    toString: () => name,
    async run(model, under) {
      const [asked, expected] = ask(model, under.storage);
      const answer = await outcome(asked);
      expect(answer).toEqual(expected());
    },
  };
}

const small = fc.nat(5);
const kinds: RecordKind[] = ["update", "update", "snapshot", "said", "control", "void"];
const recordFor = (space: ModelSpace, [op, document, kind, size, offset]: readonly number[]): OuterRecord => ({
  document: id(document as number) as OuterRecord["document"],
  kind: kinds[(kind as number) % kinds.length] as RecordKind,
  epoch: space.epoch + (offset as number),
  opId: id(op as number) as OuterRecord["opId"],
  sealed: new Uint8Array(size as number).fill(op as number),
});
/** op id, document, kind, size, how far the epoch is off. Few op ids, so that repeats and conflicts happen. */
const fields = fc.tuple(
  fc.nat(40),
  small,
  small,
  fc.integer({ min: 1, max: 2000 }),
  fc.constantFrom(0, 0, 0, 0, 1, -1),
);
const grant = (space: ModelSpace, off = 0): Grant => ({ space: space.id, epoch: space.epoch + off, right: "own" });

const steps: fc.Arbitrary<Step>[] = [
  fc.tuple(small, fields, fc.constantFrom(0, 0, 0, -1)).map(([which, values, off]) =>
    step(`append(${which}, ${values}, proved ${off})`, (model, storage) => {
      const space = spaceOf(model, which);
      const record = recordFor(space, values);
      const proved = grant(space, off);
      return [storage.append(proved, record), () => append(model, space, record, proved.epoch)];
    }),
  ),
  fc.tuple(small, fields, fc.boolean()).map(([which, values, isCurrent]) =>
    step(`checkpoint(${which}, ${values}, ${isCurrent})`, (model, storage) => {
      const space = spaceOf(model, which);
      const record = recordFor(space, values);
      const expected = (isCurrent ? space.checkpoint : id(99)) as never;
      return [
        storage.checkpoint(grant(space), expected, record),
        () => {
          if (!isCurrent && !space.ops.has(record.opId)) return "stale-checkpoint";
          const answer = append(model, space, record, space.epoch);
          if ((answer as { fresh?: boolean }).fresh) space.checkpoint = record.opId;
          return answer;
        },
      ];
    }),
  ),
  fc.tuple(small, fields, fc.constantFrom(1, 1, 1, 0, 2)).map(([which, values, by]) =>
    step(`rotate(${which}, ${values}, by ${by})`, (model, storage) => {
      const space = spaceOf(model, which);
      const epoch = space.epoch + by;
      const record = { ...recordFor(space, values), epoch };
      const keys = randomKeys();
      const turn = { expected: space.checkpoint as never, epoch, keys, wraps: [], removedTags: [], record };
      return [
        storage.rotate(grant(space), turn),
        () => {
          if (space.ops.has(record.opId)) return append(model, space, record, space.epoch);
          if (by !== 1) return "stale-epoch";
          space.epoch = epoch;
          const answer = append(model, space, record, epoch);
          if ((answer as { fresh?: boolean }).fresh) space.checkpoint = record.opId;
          else space.epoch = epoch - 1;
          return answer;
        },
      ];
    }),
  ),
  fc.tuple(small, small).map(([which, document]) =>
    step(`deleteDocument(${which}, ${document})`, (model, storage) => {
      const space = spaceOf(model, which);
      const tag = id(document);
      return [
        storage.deleteDocument(grant(space), tag as never),
        () => {
          drop(space, ({ record }) => record.document === tag);
          space.deleted.add(tag);
          return [];
        },
      ];
    }),
  ),
  fc.tuple(small, small, fc.nat(30)).map(([which, document, before]) =>
    step(`prune(${which}, ${document}, ${before})`, (model, storage) => {
      const space = spaceOf(model, which);
      const tag = id(document);
      return [
        storage.prune(grant(space), tag as never, before),
        () => {
          const isOf = (kind: RecordKind) => (one: { record: OuterRecord }) =>
            one.record.document === tag && one.record.kind === kind;
          const snapshots = space.records.filter(isOf("snapshot")).map(({ seq }) => seq);
          const newest = snapshots.at(-1);
          if (newest === undefined || newest < before) return "no-right";
          const keep = snapshots.at(-2) ?? newest;
          drop(space, (one) => isOf("update")(one) && one.seq < before);
          drop(space, (one) => isOf("snapshot")(one) && one.seq < keep);
          return undefined;
        },
      ];
    }),
  ),
  fc.tuple(small, fc.nat(30)).map(([which, after]) =>
    step(`page(${which}, ${after})`, (model, storage) => {
      const space = spaceOf(model, which);
      return [storage.readPage(grant(space), after), () => pageOf(space, after)];
    }),
  ),
  fc.constant<Step>({
    check: () => true,
    toString: () => "restart",
    run: (_, under) => under.reopen(),
  }),
];

/** Records are small here, so a page always holds all. */
const pageOf = (space: ModelSpace, after: Seq) => ({
  records: space.records.filter(({ seq }) => seq > after).map(({ seq, record }) => ({ seq, ...record })),
  head: space.head,
  more: false,
});

export const histories = (maxCommands: number) => fc.commands(steps, { maxCommands });

/** After a history: all that can be read is what the model holds. */
export async function expectSame(model: Model, storage: Storage): Promise<void> {
  let bytes = 0;
  for (const space of model.spaces) {
    expect(await storage.readPage(grant(space), 0)).toEqual(pageOf(space, 0));
    expect(await storage.readSpace(space.id)).toMatchObject({
      epoch: space.epoch,
      head: space.head,
      checkpoint: space.checkpoint,
    });
    bytes += space.bytes;
  }
  expect((await storage.sumUsage()).bytes).toBe(bytes);
}

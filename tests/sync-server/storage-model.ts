/**
 * A storage against a model of a few maps: random histories of appends, repeats, checkpoints, rotations, wraps with waits,
 * drops, deletions, pruning and restarts on three spaces; after each step the answer is the model's, at the end
 * everything that can be read.
 */
import fc from "fast-check";
import { expect } from "vitest";
import type { OuterRecord, RecordKind, Seq } from "../../protocol/frames.ts";
import { RECORD_OVERHEAD_BYTES, ROTATION_RESERVE_BYTES } from "../../protocol/limits.ts";
import type { Grant, Storage } from "../../sync-server/storage/port.ts";
import { newSpace, randomKeys } from "./made-up.ts";
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
  isGone: boolean;
  dropHead: Seq;
  drops: { seq: Seq; key: number; bytes: Uint8Array }[];
}

/** A tag belongs to one space. `due`: null until asked for, 0 once reached. */
interface ModelWrap {
  readonly space: ModelSpace;
  readonly bytes: Uint8Array;
  readonly wait: number;
  due: number | null;
}

interface ModelKey {
  readonly space: ModelSpace;
  readonly expires: number;
  readonly singleUse: boolean;
  readonly quota: number;
  used: boolean;
  waiting: number;
  last: Uint8Array | null;
}

interface Model {
  readonly spaces: ModelSpace[];
  readonly quota: number;
  /** Seconds; steps move it on. */
  now: number;
  readonly wraps: Map<string, ModelWrap>;
  readonly keys: Map<number, ModelKey>;
}

const emptyModel = (quota: number): Model => ({
  spaces: [],
  quota,
  now: 1_800_000_000,
  wraps: new Map(),
  keys: new Map(),
});

const modelSpace = (id: Grant["space"]): ModelSpace => ({
  id,
  epoch: 1,
  head: 0,
  checkpoint: null,
  bytes: 0,
  ops: new Map(),
  records: [],
  deleted: new Set(),
  isGone: false,
  dropHead: 0,
  drops: [],
});

/** Small enough that histories run into it. */
const QUOTA = 12_000;

type Step = fc.AsyncCommand<Model, StorageUnderTest, false>;

const id = (number: number): string => number.toString(16).padStart(32, "0");
const spaceOf = (model: Model, which: number): ModelSpace => model.spaces[which % model.spaces.length] as ModelSpace;
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: { code?: string }) => error.code,
  );

/** The model's answer to any record, and its effect. */
function append(model: Model, space: ModelSpace, record: OuterRecord, provedEpoch: number, beyond = 0): unknown {
  if (space.isGone) return "no-such-space";
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
  if (space.bytes + cost > model.quota + beyond) return "over-quota";
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

const keyOf = (key: number): Uint8Array => new Uint8Array(32).fill(key + 1);

const byTag = (list: readonly { readonly tag: string; readonly secondsLeft: number }[]) =>
  Object.fromEntries(list.map(({ tag, secondsLeft }) => [tag, secondsLeft]));

function readWrap({ wraps, now }: Model, tag: string): unknown {
  const wrap = wraps.get(tag);
  if (wrap === undefined) return null;
  const { bytes, wait, due } = wrap;
  if (wait === 0 || due === 0) return { bytes };
  if (due !== null && due > now) return { secondsLeft: due - now };
  wrap.due = due === null ? now + wait : 0;
  return due === null ? { secondsLeft: wait } : { bytes };
}

function dropInto({ keys, now, quota }: Model, key: number, bytes: Uint8Array): unknown {
  const known = keys.get(key);
  if (known === undefined || (known.expires !== 0 && known.expires <= now)) return "not-found";
  const { space } = known;
  if (known.last !== null && Buffer.compare(known.last, bytes) === 0) return space.id;
  if (known.singleUse && known.used) return "not-found";
  const cost = bytes.length + RECORD_OVERHEAD_BYTES;
  if (known.waiting + bytes.length > known.quota || space.bytes + cost > quota) return "over-quota";
  known.waiting += bytes.length;
  known.used = true;
  known.last = bytes;
  space.bytes += cost;
  space.drops.push({ seq: ++space.dropHead, key, bytes });
  return space.id;
}

function takeDrops(
  { keys }: Model,
  space: ModelSpace,
  doomed: (one: { readonly seq: Seq; readonly key: number }) => boolean,
): void {
  for (const one of space.drops.filter(doomed)) {
    space.bytes -= one.bytes.length + RECORD_OVERHEAD_BYTES;
    const known = keys.get(one.key);
    if (known?.space === space) known.waiting = Math.max(0, known.waiting - one.bytes.length);
  }
  space.drops = space.drops.filter((one) => !doomed(one));
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

const often: fc.Arbitrary<Step>[] = [
  fc.tuple(small, fc.nat(7), fc.constantFrom(0, 60, 60, 90), fc.nat(200)).map(([which, tag, wait, size]) =>
    step(`putWrap(${which}, ${tag}, wait ${wait})`, (model, storage) => {
      const space = spaceOf(model, which);
      const bytes = new Uint8Array(size + 1).fill(tag);
      const wrap = { tag: id(tag) as never, bytes, waitSeconds: wait };
      return [
        storage.putWraps(grant(space), [wrap]),
        () => {
          if (space.isGone) return "no-such-space";
          const present = model.wraps.get(id(tag));
          if (present !== undefined && present.space !== space) return "op-conflict";
          model.wraps.set(id(tag), { space, bytes, wait, due: null });
          return undefined;
        },
      ];
    }),
  ),
  fc.tuple(fc.nat(7), fc.constantFrom(0, 30, 30, 60)).map(([tag, later]) =>
    step(`readWrap(${tag}) ${later} s later`, (model, storage) => {
      model.now += later;
      return [storage.readWrap(id(tag) as never, model.now), () => readWrap(model, id(tag))];
    }),
  ),
  small.map((which) =>
    step(`listWaits(${which})`, (model, storage) => {
      const space = spaceOf(model, which);
      const waits = storage.listWaits(grant(space), model.now).then((list) => byTag(list));
      return [
        waits,
        () => {
          if (space.isGone) return "no-such-space";
          const running = [...model.wraps].filter(([, wrap]) => wrap.space === space && wrap.due !== null);
          return byTag(
            running.map(([tag, wrap]) => ({ tag, secondsLeft: Math.max(0, (wrap.due as number) - model.now) })),
          );
        },
      ];
    }),
  ),
  fc
    .tuple(small, fc.nat(4), fc.boolean(), fc.constantFrom(0, 0, 100), fc.constantFrom(500, 3000))
    .map(([which, key, singleUse, expiresIn, quotaBytes]) =>
      step(`registerDrop(${which}, ${key}, single ${singleUse}, for ${expiresIn} s)`, (model, storage) => {
        const space = spaceOf(model, which);
        const expires = expiresIn === 0 ? 0 : model.now + expiresIn;
        const registration = { key: keyOf(key), expires, singleUse, quotaBytes, attachment: new Uint8Array([key]) };
        return [
          storage.registerDrop(grant(space), registration),
          () => {
            if (space.isGone) return "no-such-space";
            const present = model.keys.get(key);
            if (present !== undefined && present.space !== space) return "op-conflict";
            const { waiting } = present ?? { waiting: 0 };
            model.keys.set(key, { space, expires, singleUse, quota: quotaBytes, used: false, waiting, last: null });
            return undefined;
          },
        ];
      }),
    ),
  fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.integer({ min: 300, max: 900 }), fc.nat(9)).map(([key, size, content]) =>
    step(`drop(${key}, ${size} bytes of ${content})`, (model, storage) => {
      const bytes = new Uint8Array(size).fill(content);
      return [storage.drop(keyOf(key), bytes, model.now), () => dropInto(model, key, bytes)];
    }),
  ),
  fc.tuple(small, fc.nat(1)).map(([which, key]) =>
    step(`revokeDrop(${which}, ${key})`, (model, storage) => {
      const space = spaceOf(model, which);
      return [
        storage.revokeDrop(grant(space), keyOf(key)),
        () => {
          if (space.isGone) return "no-such-space";
          takeDrops(model, space, (one) => one.key === key);
          if (model.keys.get(key)?.space === space) model.keys.delete(key);
          return undefined;
        },
      ];
    }),
  ),
  fc.tuple(fc.nat(2), fc.constantFrom(1, 2, 50, 50)).map(([which, through]) =>
    step(`clearDrops(${which}, ${through})`, (model, storage) => {
      const space = spaceOf(model, which);
      return [
        storage.clearDrops(grant(space), through),
        () => {
          if (space.isGone) return "no-such-space";
          takeDrops(model, space, (one) => one.seq <= through);
          return undefined;
        },
      ];
    }),
  ),
];

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
          if (space.isGone) return "no-such-space";
          if (!isCurrent && !space.ops.has(record.opId)) return "stale-checkpoint";
          const answer = append(model, space, record, space.epoch, ROTATION_RESERVE_BYTES);
          if ((answer as { fresh?: boolean }).fresh) space.checkpoint = record.opId;
          return answer;
        },
      ];
    }),
  ),
  fc
    .tuple(small, fields, fc.constantFrom(1, 1, 1, 0, 2), fc.constantFrom(null, 0, 0, 1, -1))
    .map(([which, values, by, off]) =>
      step(`rotate(${which}, ${values}, by ${by}, seen ${off})`, (model, storage) => {
        const space = spaceOf(model, which);
        const epoch = space.epoch + by;
        const record = { ...recordFor(space, values), epoch };
        const keys = randomKeys();
        const seen = off === null ? null : Math.max(0, space.head + off);
        const turn = { expected: space.checkpoint as never, seen, epoch, keys, wraps: [], removedTags: [], record };
        return [
          storage.rotate(grant(space), turn),
          () => {
            if (space.isGone || space.ops.has(record.opId)) return append(model, space, record, space.epoch);
            if (by !== 1) return "stale-epoch";
            if (seen !== null && seen !== space.head) return "head-moved";
            space.epoch = epoch;
            const answer = append(model, space, record, epoch, ROTATION_RESERVE_BYTES);
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
          if (space.isGone) return "no-such-space";
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
          if (space.isGone) return "no-such-space";
          const isOf = (kind: RecordKind) => (one: { record: OuterRecord }) =>
            one.record.document === tag && one.record.kind === kind;
          const snapshots = space.records.filter(isOf("snapshot")).map(({ seq }) => seq);
          const newest = snapshots.at(-1);
          if (newest === undefined || newest < before) return "no-right";
          const keep = snapshots.filter((seq) => seq <= before).slice(-2)[0] ?? 0;
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
      return [storage.readPage(grant(space), after), () => (space.isGone ? "no-such-space" : pageOf(space, after))];
    }),
  ),
  fc.constant<Step>({
    check: () => true,
    toString: () => "tidy",
    async run(model, under) {
      await under.storage.tidy(model.now, 0);
      for (const wrap of model.wraps.values()) if (wrap.due !== null && wrap.due <= model.now) wrap.due = 0;
      for (const [key, { expires }] of model.keys) if (expires !== 0 && expires <= model.now) model.keys.delete(key);
    },
  }),
  // Now and then one of the three goes, so that most of a history still has somewhere to happen.
  fc.tuple(fc.nat(2), fc.nat(4)).map(([which, chance]) =>
    step(`deleteSpace(${which}, ${chance})`, (model, storage) => {
      const space = spaceOf(model, which);
      if (chance !== 0) return [Promise.resolve(), () => undefined];
      return [
        storage.deleteSpace(grant(space)),
        () => {
          if (space.isGone) return "no-such-space";
          Object.assign(space, { isGone: true, records: [], drops: [], bytes: 0 });
          for (const [tag, wrap] of model.wraps) if (wrap.space === space) model.wraps.delete(tag);
          for (const [key, one] of model.keys) if (one.space === space) model.keys.delete(key);
          return [];
        },
      ];
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

/** Drops and waits need several steps to come to something, so they are drawn more often. */
const histories = (maxCommands: number) => fc.commands([...steps, ...often, ...often], { maxCommands, size: "max" });

/** After a history: all that can be read is what the model holds. */
async function expectSame(model: Model, storage: Storage): Promise<void> {
  let bytes = 0;
  for (const space of model.spaces) {
    if (space.isGone) {
      expect(await storage.readSpace(space.id)).toBeNull();
      continue;
    }
    expect(await storage.readPage(grant(space), 0)).toEqual(pageOf(space, 0));
    const drops = space.drops.map(({ seq, key, bytes: body }) => ({ seq, key: keyOf(key), bytes: body }));
    expect(await storage.readDrops(grant(space), 0)).toEqual({ drops, more: false });
    expect(await storage.readSpace(space.id)).toMatchObject({
      epoch: space.epoch,
      head: space.head,
      checkpoint: space.checkpoint,
    });
    bytes += space.bytes;
  }
  expect((await storage.sumUsage()).bytes).toBe(bytes);
}

/** Runs histories against storages that `open` makes, each an empty one. */
export const checkHistories = (
  open: (quota: number) => Promise<StorageUnderTest>,
  options: { readonly numRuns: number; readonly maxCommands: number },
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(histories(options.maxCommands), async (history) => {
      const under = await open(QUOTA);
      try {
        const model = emptyModel(QUOTA);
        for (let i = 0; i < 3; i++) {
          const create = newSpace();
          await under.storage.createSpace(create, "open");
          model.spaces.push(modelSpace(create.space));
        }
        await fc.asyncModelRun(() => ({ model, real: under }), history);
        await expectSame(model, under.storage);
      } finally {
        await under.dispose();
      }
    }),
    { numRuns: options.numRuns },
  );

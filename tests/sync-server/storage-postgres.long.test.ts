import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OrphanedBlob, Storage } from "../../sync-server/storage/port.ts";
import { connect } from "../../sync-server/storage/postgres/database.ts";
import { renewIncarnation } from "../../sync-server/storage/postgres/identity.ts";
import { migrate, STORE_SCHEMA } from "../../sync-server/storage/postgres/migrations.ts";
import { openPostgresStorage } from "../../sync-server/storage/postgres/store.ts";
import { grantFor, newChunk, newRecord, newRotation, newSpace } from "./made-up.ts";
import { startPostgres } from "./postgres.ts";
import { reopenable } from "./reopenable.ts";
import { acceptRoom } from "./room-acceptance.ts";
import { acceptStorage } from "./storage-acceptance.ts";
import { checkHistories } from "./storage-model.ts";

const cluster = await startPostgres();

describe.skipIf(typeof cluster === "string")(`postgres${typeof cluster === "string" ? `: ${cluster}` : ""}`, () => {
  if (typeof cluster === "string") return;
  afterAll(() => cluster.dispose());

  const openPostgres = async (spaceQuotaBytes: number) => {
    const url = await cluster.createDatabase();
    const open = () => openPostgresStorage({ url, spaceQuotaBytes, connections: 4 });
    return reopenable(open);
  };
  acceptStorage("postgres", openPostgres);
  acceptRoom("postgres", openPostgres);

  const RUNS = process.env.SLOW === "1" ? 500 : 25;
  test(
    "postgres answers every history as the model does, with the steps of two nodes mixed",
    () =>
      checkHistories(
        async (spaceQuotaBytes) => {
          const url = await cluster.createDatabase();
          const open = () => openPostgresStorage({ url, spaceQuotaBytes, connections: 2 });
          let nodes = [await open(), await open()] as const;
          let turn = 0;
          return {
            get storage() {
              return nodes[++turn % 2] as Storage;
            },
            async reopen() {
              await Promise.all(nodes.map((node) => node.close()));
              nodes = [await open(), await open()];
            },
            async dispose() {
              await Promise.all(nodes.map((node) => node.close()));
            },
          };
        },
        { numRuns: RUNS, maxCommands: 60 },
      ),
    RUNS * 5000,
  );

  describe("postgres: many nodes", () => {
    let url: string;
    const nodes: Storage[] = [];
    const openNode = async (more = {}): Promise<Storage> => {
      const node = await openPostgresStorage({ url, connections: 4, ...more });
      nodes.push(node);
      return node;
    };
    const admin = async <T>(work: (sql: ReturnType<typeof connect>) => Promise<T>): Promise<T> => {
      const sql = connect(url, { connections: 1 });
      try {
        return await work(sql);
      } finally {
        await sql.close();
      }
    };
    beforeEach(async () => {
      url = await cluster.createDatabase();
    });
    afterEach(async () => {
      await Promise.all(nodes.splice(0).map((node) => node.close().catch(() => null)));
    });

    test("nodes that start together on an empty database make one store", async () => {
      const all = await Promise.all([openNode(), openNode(), openNode()]);
      expect(new Set(all.map(({ identity }) => JSON.stringify(identity))).size).toBe(1);
    });

    test("two nodes write to one space: numbers without a gap, and a cursor never skips one", async () => {
      const [one, two, reader] = [await openNode(), await openNode(), await openNode()];
      const create = newSpace();
      await one.createSpace(create, "open");
      const grant = grantFor(create.space);
      const seen: number[] = [];
      const expected = 2 * 200 + 40;
      const reading = (async () => {
        for (let after = 0; seen.length < expected; after = seen.at(-1) ?? 0) {
          seen.push(...(await reader.readPage(grant, after)).records.map(({ seq }) => seq));
        }
      })();
      const twice = Array.from({ length: 40 }, () => newRecord());
      const writeOn = async (node: Storage): Promise<void> => {
        for (let round = 0; round < 10; round++) {
          const own = Array.from({ length: 20 }, () => newRecord());
          const shared = twice.slice(round * 4, round * 4 + 4);
          await Promise.all([...own, ...shared].map((record) => node.append(grant, record)));
        }
      };
      await Promise.all([writeOn(one), writeOn(two)]);
      await reading;
      expect(seen).toEqual(Array.from({ length: expected }, (_, i) => i + 1));
    });

    test("of two rotations on two nodes at once, one wins; the loser's epoch is over everywhere", async () => {
      const [one, two] = [await openNode(), await openNode()];
      const create = newSpace();
      await one.createSpace(create, "open");
      const own = grantFor(create.space);
      const both = await Promise.allSettled([one.rotate(own, newRotation()), two.rotate(own, newRotation())]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      for (const node of [one, two]) {
        await expect(node.append(own, newRecord())).rejects.toMatchObject({ code: "stale-epoch" });
      }
    });

    test("a space or a tag that two nodes take at once belongs to one", async () => {
      const [one, two] = [await openNode(), await openNode()];
      const space = newSpace().space;
      const creations = [one, two].map((node) => node.createSpace(newSpace({ space }), "open"));
      const results = await Promise.allSettled(creations);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "exists" } });
    });

    test("a write whose statement fails is refused alone; its group is stored", async () => {
      const node = await openNode();
      const create = newSpace();
      await node.createSpace(create, "open");
      const grant = grantFor(create.space);
      await admin((sql) => sql`ALTER TABLE records ADD CONSTRAINT small CHECK (octet_length(sealed) < 1000)`);
      const results = await Promise.allSettled([300, 2000, 300].map((size) => node.append(grant, newRecord({ size }))));
      expect(results.map((result) => (result.status === "rejected" ? result.reason.code : result.value.seq))).toEqual([
        1,
        "storage-failed",
        2,
      ]);
    });

    test("a connection cut in the middle of writes loses nothing that was acknowledged", async () => {
      const node = await openNode();
      const create = newSpace();
      await node.createSpace(create, "open");
      const grant = grantFor(create.space);
      const records = Array.from({ length: 300 }, () => newRecord());
      const acked = new Set<string>();
      const writing = (async () => {
        for (let at = 0; at < records.length; at += 10) {
          await Promise.allSettled(
            records.slice(at, at + 10).map(async (record) => {
              await node.append(grant, record);
              acked.add(record.opId);
            }),
          );
        }
      })();
      await admin(async (sql) => {
        for (let i = 0; i < 15; i++) {
          await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()`;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      });
      await writing;
      for (const record of records) await node.append(grant, record);
      const stored: string[] = [];
      for (let after = 0, more = true; more; ) {
        const page = await node.readPage(grant, after);
        stored.push(...page.records.map(({ opId }) => opId));
        after = page.records.at(-1)?.seq ?? after;
        more = page.more;
      }
      expect(new Set(stored)).toEqual(new Set(records.map(({ opId }) => opId)));
      expect(stored).toHaveLength(records.length);
      expect([...acked].every((op) => stored.includes(op))).toBe(true);
    });

    test("a node that runs on learns of a new incarnation when its health is looked at", async () => {
      const node = await openNode();
      const before = node.identity;
      await admin((sql) => renewIncarnation(sql));
      expect(await node.isWritable()).toBe(true);
      expect(node.identity.incarnation).not.toBe(before.incarnation);
      expect(node.identity.server).toBe(before.server);
    });

    test("of two nodes that tidy, one removes the files of an upload that was given up", async () => {
      const [one, two] = await Promise.all([openNode(), openNode()]);
      const create = newSpace();
      await one.createSpace(create, "open");
      const chunk = newChunk(create.space);
      await one.recordChunk(grantFor(create.space), chunk, 10);
      const { abandoned } = await one.tidy(0, 11);
      expect(await two.tidy(0, 11)).toEqual({ orphans: [], abandoned });
      const [gone] = abandoned as [OrphanedBlob];
      const removals: string[] = [];
      await one.removeAbandoned(gone, async () => {
        removals.push("one");
        await two.removeAbandoned(gone, async () => void removals.push("two"));
      });
      // The slower of the two had its list from before: what comes under the id now is not its to take.
      await one.recordChunk(grantFor(create.space), chunk, 12);
      await two.removeAbandoned(gone, async () => void removals.push("two, later"));
      expect(removals).toEqual(["one"]);
      expect(await two.missingChunks(grantFor(create.space), chunk.blob, 1)).toEqual([]);
    });

    test("a space's removal that was interrupted is finished by the next tidying", async () => {
      const node = await openNode();
      const create = newSpace();
      await node.createSpace(create, "open");
      for (let i = 0; i < 5; i++) await node.append(grantFor(create.space), newRecord());
      await admin((sql) => sql`UPDATE spaces SET deleted = 1`);
      await node.tidy(0, 0);
      const [left] = await admin(
        (sql) => sql`SELECT (SELECT count(*) FROM records) + (SELECT count(*) FROM ops) AS n, deleted FROM spaces`,
      );
      expect(left).toMatchObject({ n: 0, deleted: 2 });
    });
  });

  describe("postgres: migrations", () => {
    const broken = {
      ...STORE_SCHEMA,
      steps: [...STORE_SCHEMA.steps, "ALTER TABLE spaces ADD COLUMN later bigint; SELECT pg_sleep(60)"],
    };
    const whole = { ...STORE_SCHEMA, steps: [...STORE_SCHEMA.steps, "ALTER TABLE spaces ADD COLUMN later bigint"] };
    const state = async (url: string) => {
      const sql = connect(url, { connections: 1 });
      try {
        const [row] = await sql`SELECT (SELECT max(version) FROM schema_version) AS version,
          EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name = 'later') AS later`;
        return row;
      } finally {
        await sql.close();
      }
    };

    test("a crash of the database in the middle of a step leaves the step before, and the step can be done again", async () => {
      const url = await cluster.createDatabase();
      const storage = await openPostgresStorage({ url, connections: 2 });
      const create = newSpace();
      await storage.createSpace(create, "open");
      await storage.append(grantFor(create.space), newRecord());
      await storage.close();
      const sql = connect(url, { connections: 1 });
      const migrating = migrate(sql, broken).catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await cluster.crash();
      expect(await migrating).toBeInstanceOf(Error);
      await sql.close();
      await cluster.start();
      expect(await state(url)).toEqual({ version: STORE_SCHEMA.steps.length, later: false });
      const again = connect(url, { connections: 1 });
      await migrate(again, whole);
      await migrate(again, whole);
      await again.close();
      expect(await state(url)).toEqual({ version: STORE_SCHEMA.steps.length + 1, later: true });
      await expect(openPostgresStorage({ url })).rejects.toThrow("newer version");
    });

    test("what was acknowledged before a crash of the database is there after it", async () => {
      const url = await cluster.createDatabase();
      const storage = await openPostgresStorage({ url, connections: 2 });
      const create = newSpace();
      await storage.createSpace(create, "open");
      const grant = grantFor(create.space);
      const acked: number[] = [];
      const writing = Promise.allSettled(
        Array.from({ length: 50 }, async () => {
          for (;;) acked.push((await storage.append(grant, newRecord({ size: 500 }))).seq);
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      await cluster.crash();
      await writing;
      await cluster.start();
      const stored = new Set<number>();
      for (let after = 0, more = true; more; ) {
        const page = await storage.readPage(grant, after); // the same node finds its way back
        for (const { seq } of page.records) stored.add(seq);
        after = page.records.at(-1)?.seq ?? after;
        more = page.more;
      }
      expect(acked.length).toBeGreaterThan(50);
      expect(acked.filter((seq) => !stored.has(seq))).toEqual([]);
      await storage.close();
    });
  });
});

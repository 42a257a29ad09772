/** Every rule of .dependency-cruiser.mjs, seen to report a planted violation by its name, and to leave the lawful alone. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSkeleton, type Skeleton } from "./skeleton.ts";

interface Config {
  readonly default: { readonly forbidden: readonly { readonly name: string }[] };
}

interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly code: string;
}

const value = (rule: string, file: string, from: string): Plant => ({ rule, file, code: `export * from "${from}";` });
const type = (rule: string, file: string, from: string): Plant => ({
  rule,
  file,
  code: `import type { Planted } from "${from}";\nexport type Kept = Planted;`,
});
const lazy = (rule: string, file: string, from: string): Plant => ({
  rule,
  file,
  code: `export const later = () => import("${from}");`,
});

/** Each in a file of its own, so that one run shows them all. */
const PLANTS: readonly Plant[] = [
  // One arrow too many, per folder.
  value("arrows-of-crypto", "crypto/planted-1.ts", "../protocol/codec.ts"),
  type("arrows-of-crypto", "crypto/planted-2.ts", "../client/vault/api.ts"),
  value("arrows-of-protocol", "protocol/planted-1.ts", "../crypto/aead.ts"),
  type("arrows-of-protocol", "protocol/planted-2.ts", "../client/sync/ports.ts"),
  value("arrows-of-sync", "client/sync/planted-1.ts", "../documents/entry.ts"),
  value("arrows-of-sync", "client/sync/planted-2.ts", "../storage/shelf.ts"),
  type("arrows-of-sync", "client/sync/planted-3.ts", "../vault/ports.ts"),
  value("arrows-of-documents", "client/documents/planted-1.ts", "../vault/keyring.ts"),
  value("arrows-of-storage", "client/storage/planted-1.ts", "../vault/keyring.ts"),
  type("arrows-of-storage", "client/storage/planted-2.ts", "../vault/api.ts"),
  value("arrows-of-storage", "client/storage/planted-3.ts", "../../crypto/aead.ts"),
  value("arrows-of-transport", "client/transport/planted-1.ts", "../vault/keyring.ts"),
  value("arrows-of-transport", "client/transport/planted-2.ts", "../storage/shelf.ts"),
  value("arrows-of-vault", "client/vault/planted-1.ts", "../storage/shelf.ts"),
  value("arrows-of-vault", "client/vault/planted-2.ts", "../transport/socket.ts"),
  lazy("arrows-of-vault", "client/vault/planted-3.ts", "../state/session.ts"),
  value("arrows-of-state", "client/state/planted-1.ts", "../vault/keyring.ts"),
  type("arrows-of-state", "client/state/planted-2.ts", "../vault/keyring.ts"),
  lazy("arrows-of-state", "client/state/planted-3.ts", "../ui/home.tsx"),
  value("arrows-of-state", "client/state/planted-4.ts", "../sw/sw.ts"),
  value("arrows-of-ui", "client/ui/planted-1.ts", "../documents/entry.ts"),
  type("arrows-of-ui", "client/ui/planted-2.ts", "../vault/api.ts"),
  type("arrows-of-ui", "client/ui/planted-3.ts", "../../crypto/types.ts"),
  lazy("arrows-of-ui", "client/ui/planted-4.tsx", "../storage/shelf.ts"),
  value("arrows-of-i18n", "client/i18n/planted-1.ts", "../state/session.ts"),
  value("arrows-of-sw", "client/sw/planted-1.ts", "../state/session.ts"),
  value("arrows-of-server", "sync-server/planted-1.ts", "../client/documents/entry.ts"),
  value("arrows-of-server", "sync-server/planted-2.ts", "../crypto/aead.ts"),
  // What a root may not gather.
  value("page-root-stays-on-the-page", "client/main.tsx", "./vault/keyring.ts"),
  value("worker-roots-stay-in-the-worker", "client/decode-worker.ts", "./ui/home.tsx"),
  value("server-roots-stay-on-the-server", "sync-server/operator.ts", "../client/documents/entry.ts"),
  value("roots-are-not-imported", "client/state/planted-5.ts", "../main.tsx"),
  value("roots-are-not-imported", "client/vault/planted-4.ts", "../worker.ts"),
  value("roots-are-not-imported", "client/state/planted-6.ts", "../worker.ts?worker&url"),
  value("workers-start-by-address", "client/state/planted-15.ts", "../worker.ts"),
  value("no-code-behind-a-query", "client/ui/planted-5.ts", "../vault/keyring.ts?raw"),
  // The page never gets at keys, however long the way.
  value("page-never-reaches-keys", "client/state/planted-7.ts", "../documents/planted-2.ts"),
  value("arrows-of-documents", "client/documents/planted-2.ts", "../../crypto/sodium.ts"),
  // Libraries that belong to one place.
  value("reserved-libsodium", "crypto/planted-3.ts", "libsodium-wrappers-sumo"),
  value("reserved-libsodium", "client/vault/planted-5.ts", "libsodium-wrappers-sumo"),
  value("reserved-dexie", "client/vault/planted-6.ts", "dexie"),
  lazy("reserved-dexie", "client/ui/planted-6.ts", "dexie"),
  value("reserved-yjs", "client/ui/planted-7.ts", "yjs"),
  type("reserved-yjs", "client/vault/planted-7.ts", "yjs"),
  value("reserved-yjs", "client/sync/planted-4.ts", "y-protocols/sync"),
  value("reserved-yjs", "sync-server/planted-3.ts", "yjs"),
  value("reserved-lib0", "client/vault/planted-8.ts", "lib0/encoding"),
  value("reserved-y-websocket", "client/documents/planted-3.ts", "y-websocket"),
  value("reserved-signals", "client/documents/planted-4.ts", "@preact/signals"),
  value("reserved-preact", "client/state/planted-8.ts", "preact"),
  value("reserved-shamir", "client/vault/planted-10.ts", "shamir-secret-sharing"),
  value("reserved-age", "client/vault/take-along/planted-1.ts", "age-encryption"),
  value("reserved-fflate", "client/vault/planted-11.ts", "fflate"),
  value("reserved-editor", "client/state/planted-10.ts", "@tiptap/core"),
  value("reserved-editor", "client/documents/planted-5.ts", "@tiptap/y-tiptap"),
  value("reserved-workbox", "client/state/planted-11.ts", "workbox-routing"),
  value("reserved-server-libraries", "client/vault/planted-9.ts", "hono"),
  value("reserved-server-libraries", "client/transport/planted-3.ts", "ws"),
  value("reserved-server-libraries", "protocol/planted-3.ts", "@hono/node-server"),
  value("reserved-server-libraries", "client/storage/planted-4.ts", "node:sqlite"),
  value("reserved-postgres", "sync-server/planted-4.ts", "pg"),
  lazy("reserved-nats", "sync-server/planted-5.ts", "@nats-io/transport-node"),
  value("reserved-s3", "sync-server/planted-6.ts", "aws4fetch"),
  // The rest.
  value("nothing-imports-tests", "client/sync/planted-5.ts", "../../tests/crypto/aead.test.ts"),
  value("crypto-as-types-only", "client/state/planted-12.ts", "../../crypto/types.ts"),
  value("pure-folders-use-no-node", "crypto/planted-4.ts", "node:fs"),
  value("pure-folders-use-no-node", "client/storage/planted-5.ts", "fs"),
  value("not-in-package-json", "client/state/planted-13.ts", "left-pad"),
  value("not-found", "client/state/planted-14.ts", "./nowhere.ts"),
  value("independent-reader-stands-alone", "tests/independent/planted.ts", "../../crypto/aead.ts"),
  value("no-cycles", "client/sync/planted-6.ts", "./planted-7.ts"),
  value("service-worker-root-stays-there", "client/sw/sw.ts", "../state/session.ts"),
];

/** The way back of the planted cycle; a cycle is reported once. */
const WAY_BACK = { "client/sync/planted-7.ts": 'export type { later } from "./planted-6.ts";' };

/** `rule: from → to` lines of tools/arrows.mjs. */
const reports = (output: string): ReadonlySet<string> =>
  new Set([...output.matchAll(/^([\w-]+): (\S+) →/gm)].map(([, rule, from]) => `${rule} in ${from}`));

let house: Skeleton;
let lawful: { readonly code: number | null; readonly output: string };
let planted: { readonly code: number | null; readonly output: string };

beforeAll(() => {
  house = createSkeleton();
  lawful = house.run("node", "tools/arrows.mjs");
  house.write({ ...Object.fromEntries(PLANTS.map(({ file, code }) => [file, code])), ...WAY_BACK });
  planted = house.run("node", "tools/arrows.mjs");
});
afterAll(() => house.remove());

describe("the arrows", () => {
  it("leave a lawful house alone, and have read it", () => {
    expect(lawful.output).toMatch(/^arrows: \d\d modules of ours read, 0 violations$/m);
    expect(lawful.code).toBe(0);
  });

  it.each(PLANTS)("$rule: seen in $file", ({ rule, file }) => {
    expect([...reports(planted.output)].filter((line) => line.endsWith(` in ${file}`))).toContain(`${rule} in ${file}`);
  });

  it("fail the run", () => expect(planted.code).toBe(1));

  it("have no rule that was never seen to bite", async () => {
    const { default: config }: Config = await import(join(house.root, ".dependency-cruiser.mjs"));
    const names = config.forbidden.map(({ name }) => name);
    expect(names.filter((name) => !PLANTS.some(({ rule }) => rule === name))).toEqual([]);
  });
});

describe("a run that reads nothing", () => {
  it("is a failure, not a success", () => {
    const empty = createSkeleton({ "tests/readme.txt": "no module here" });
    try {
      const { code, output } = empty.run("node", "tools/arrows.mjs");
      expect(output).toContain("0 modules");
      expect(code).toBe(1);
    } finally {
      empty.remove();
    }
  });
});

/**
 * The house in miniature, in a temporary directory: the project's own configuration and tools, and one or two small
 * files per folder that keep every rule. A test plants wrong imports in it and looks at what the tools say.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const REALMS = ["base", "pure", "worker", "page", "sw", "server", "tests"].map((realm) => `tsconfig.${realm}.json`);
const COPIED = ["package.json", ".dependency-cruiser.mjs", "pure.d.ts", "tsconfig.json", ...REALMS, "tools"];

/** Files that keep every rule, and use each reserved library in its own place. */
const LAWFUL: Readonly<Record<string, string>> = {
  "crypto/types.ts": "export type SpaceId = string & { readonly __space: unique symbol };",
  "crypto/sodium.ts": 'import sodium from "libsodium-wrappers-sumo";\nexport const ready = sodium.ready;',
  "crypto/aead.ts": 'import { ready } from "./sodium.ts";\nexport const seal = ready;',
  "protocol/codec.ts": 'import * as encoding from "lib0/encoding";\nexport const encode = encoding;',
  "protocol/frames.ts": 'import type { SpaceId } from "../crypto/types.ts";\nexport type Frame = { space: SpaceId };',
  "client/sync/ports.ts": 'import type { Frame } from "../../protocol/frames.ts";\nexport type Port = Frame;',
  "client/sync/step.ts": 'import type { Port } from "./ports.ts";\nexport const step = (port: Port): Port => port;',
  "client/documents/entry.ts": 'import * as Y from "yjs";\nexport const entry = (): Y.Doc => new Y.Doc();',
  "client/storage/shelf.ts":
    'import { Dexie } from "dexie";\nimport type { Keep } from "../vault/ports.ts";\nexport const shelf = (keep: Keep) => [Dexie, keep];',
  "client/transport/socket.ts":
    'import { encode } from "../../protocol/codec.ts";\nimport type { Port } from "../sync/ports.ts";\nexport const send = (port: Port) => [encode, port];',
  "client/vault/ports.ts": "export type Keep = { put(bytes: Uint8Array): void };",
  "client/vault/api.ts":
    'import type { SpaceId } from "../../crypto/types.ts";\nexport type Api = { open(space: SpaceId): void };',
  "client/vault/keyring.ts":
    'import { seal } from "../../crypto/aead.ts";\nimport { step } from "../sync/step.ts";\nimport { entry } from "../documents/entry.ts";\nexport const keyring = [seal, step, entry];',
  "client/state/session.ts":
    'import { signal } from "@preact/signals";\nimport { WebsocketProvider } from "y-websocket";\nimport type { Api } from "../vault/api.ts";\nimport { startUpdates } from "../sw/page/updates.ts";\nexport const session = signal<Api | null>(null);\nexport const parts = [WebsocketProvider, startUpdates];',
  "client/i18n/da.ts": 'export const da = { start: "Start" };',
  "client/ui/home.tsx":
    'import { Editor } from "@tiptap/core";\nimport { render } from "preact";\nimport { da } from "../i18n/da.ts";\nimport { session } from "../state/session.ts";\nexport const home = [Editor, render, da, session];',
  "client/sw/page/updates.ts": "export const startUpdates = () => {};",
  "client/sw/sw.ts": 'import { registerRoute } from "workbox-routing";\nexport const routes = registerRoute;',
  "client/main.tsx":
    'import { home } from "./ui/home.tsx";\nimport address from "./worker.ts?worker&url";\nexport const page = [home, address];',
  "client/worker.ts":
    'import { shelf } from "./storage/shelf.ts";\nimport { send } from "./transport/socket.ts";\nimport { keyring } from "./vault/keyring.ts";\nimport address from "./kdf-worker.ts?worker&url";\nexport const worker = [shelf, send, keyring, address];',
  "client/kdf-worker.ts": 'import { seal } from "../crypto/aead.ts";\nexport const derive = seal;',
  "sync-server/app.ts":
    'import { Hono } from "hono";\nimport { encode } from "../protocol/codec.ts";\nexport const app = [Hono, encode];',
  "sync-server/store.ts": 'import { DatabaseSync } from "node:sqlite";\nexport const store = DatabaseSync;',
  "sync-server/main.ts": 'import { app } from "./app.ts";\nexport const main = app;',
  "tests/crypto/aead.test.ts": 'import { seal } from "../../crypto/aead.ts";\nexport const tested = seal;',
};

export interface Skeleton {
  readonly root: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  /** Runs a command of the project in it. */
  readonly run: (program: string, ...args: string[]) => { readonly code: number | null; readonly output: string };
  readonly remove: () => void;
}

/** @param files what stands in it; the lawful house when nothing is said */
export function createSkeleton(files: Readonly<Record<string, string>> = LAWFUL): Skeleton {
  const root = mkdtempSync(join(tmpdir(), "lomme-arrows-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(root, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
  const write = (more: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(more)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), `${text}\n`);
    }
  };
  write(files);
  return {
    root,
    write,
    run: (program, ...args) => {
      const path = `${join(ROOT, "node_modules/.bin")}:${process.env.PATH}`;
      const done = spawnSync(program, args, { cwd: root, encoding: "utf8", env: { ...process.env, PATH: path } });
      return { code: done.status, output: done.stdout + done.stderr };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

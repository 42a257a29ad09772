// The arrows of docs/architecture.md, as a check. Each folder names what it may import of ours; everything else is
// refused by the rule of that folder. Libraries that are reserved to one folder follow below.
// `tools/arrows.mjs` runs this and fails when no module was read (beside TypeScript 7 the cruiser is silent without swc).

/** folder (a regular expression) → what of ours it may import */
const MAY_IMPORT = [
  ["crypto", "^crypto/", []],
  ["protocol", "^protocol/", ["^crypto/types\\.ts$"]],
  ["sync", "^client/sync/", ["^protocol/", "^crypto/types\\.ts$"]],
  ["documents", "^client/documents/", ["^protocol/", "^crypto/types\\.ts$"]],
  ["storage", "^client/storage/", ["^protocol/", "^crypto/types\\.ts$", "^client/(vault|sync)/ports\\.ts$"]],
  ["transport", "^client/transport/", ["^protocol/", "^crypto/types\\.ts$", "^client/(vault|sync)/ports\\.ts$"]],
  ["vault", "^client/vault/", ["^crypto/", "^protocol/", "^client/sync/", "^client/documents/"]],
  [
    "state",
    "^client/state/",
    ["^client/documents/", "^client/vault/api\\.ts$", "^client/sw/page/", "^protocol/", "^crypto/types\\.ts$"],
  ],
  ["ui", "^client/ui/", ["^client/state/", "^client/i18n/"]],
  ["i18n", "^client/i18n/", []],
  ["sw", "^client/sw/", ["^protocol/", "^client/documents/media-port\\.ts$"]],
  ["server", "^sync-server/", ["^protocol/", "^crypto/types\\.ts$"]],
];

const ROOTS =
  "^(client/(main\\.tsx|worker\\.ts|kdf-worker\\.ts|decode-worker\\.ts|sw/sw\\.ts)|sync-server/(main|operator)\\.ts)$";

/** A root gathers its own program, and nothing of the others: the page never holds keys, the server never holds Yjs. */
const ROOT_MAY_IMPORT = [
  // The vault worker is started, not imported: see tools/arrows.mjs.
  ["page-root-stays-on-the-page", "^client/main\\.tsx$", ["^client/(ui|state|i18n|sw/page)/", "^client/worker\\.ts$"]],
  [
    "worker-roots-stay-in-the-worker",
    "^client/(worker|kdf-worker|decode-worker)\\.ts$",
    ["^(crypto|protocol)/", "^client/(vault|storage|transport|sync|documents)/", "^client/(kdf|decode)-worker\\.ts$"],
  ],
  [
    "service-worker-root-stays-there",
    "^client/sw/sw\\.ts$",
    ["^client/sw/", "^protocol/", "^client/documents/media-port\\.ts$"],
  ],
  ["server-roots-stay-on-the-server", "^sync-server/(main|operator)\\.ts$", ["^sync-server/", "^protocol/"]],
];

const OURS = "^(crypto|protocol|client|sync-server|tests|bench|tools)/";

/** library → the only folders that may import it (issue: "libraries reserved to it") */
const RESERVED = [
  ["libsodium", "^libsodium", "^crypto/sodium\\.ts$"],
  ["shamir", "^shamir-secret-sharing", "^crypto/helpers\\.ts$"],
  ["age", "^age-encryption", "^client/vault/take-along/age-file\\.ts$"],
  ["fflate", "^fflate", "^client/vault/take-along/"],
  ["dexie", "^dexie", "^client/storage/"],
  ["yjs", "^(yjs|y-protocols)(/|$)", "^client/(documents|state)/"],
  ["lib0", "^lib0(/|$)", "^(protocol|client/documents)/"],
  ["y-websocket", "^y-websocket(/|$)", "^client/state/"],
  ["signals", "^@preact/signals", "^client/(state|ui)/"],
  ["preact", "^preact(/|$)", "^client/(ui/|main\\.tsx$)"],
  ["editor", "^@tiptap/", "^client/ui/"],
  ["workbox", "^workbox-", "^client/sw/"],
  ["server libraries", "^(hono|@hono/.*|ws|pino|node:sqlite)(/|$)", "^sync-server/"],
  ["postgres", "^pg(/|$)", "^sync-server/storage/postgres/"],
  ["nats", "^@nats-io/", "^sync-server/fanout/"],
  ["s3", "^aws4fetch(/|$)", "^sync-server/blobs/"],
];

const library = (name) => `node_modules/${name.replace(/^\^/, "")}|${name}`;

export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: { path: OURS }, to: { circular: true } },
    {
      name: "nothing-imports-tests",
      severity: "error",
      from: { path: "^(crypto|protocol|client|sync-server)/" },
      to: { path: "^(tests|bench|tools)/" },
    },
    {
      name: "roots-are-not-imported",
      severity: "error",
      from: { path: "^(crypto|protocol|client|sync-server)/", pathNot: ROOTS },
      to: { path: ROOTS, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "independent-reader-stands-alone",
      severity: "error",
      comment: "The second reader is written from docs/protocol, so that it can disagree with us.",
      from: { path: "^tests/independent/" },
      to: { path: OURS, pathNot: "^tests/independent/" },
    },
    {
      name: "crypto-as-types-only",
      severity: "error",
      from: { path: "^(protocol|sync-server|client/(sync|documents|storage|transport|state))/" },
      to: { path: "^crypto/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pure-folders-use-no-node",
      severity: "error",
      from: { path: "^(crypto|protocol|client)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "not-in-package-json",
      severity: "error",
      from: { path: OURS },
      // A path of ours that leads nowhere is `not-found`, not a package.
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"], pathNot: "^\\.|^virtual:|\\?" },
    },
    {
      name: "not-found",
      severity: "error",
      from: { path: OURS },
      to: { couldNotResolve: true, pathNot: "^virtual:|\\?" },
    },
    ...MAY_IMPORT.map(([name, from, may]) => ({
      name: `arrows-of-${name}`,
      severity: "error",
      from: { path: from, pathNot: ROOTS },
      to: { path: OURS, pathNot: [from, ...may] },
    })),
    ...ROOT_MAY_IMPORT.map(([name, from, may]) => ({
      name,
      severity: "error",
      from: { path: from },
      to: { path: OURS, pathNot: may },
    })),
    ...RESERVED.map(([name, module, folders]) => ({
      name: `reserved-${name.replaceAll(" ", "-")}`,
      severity: "error",
      from: { path: "^(crypto|protocol|client|sync-server)/", pathNot: [folders] },
      to: { path: library(module) },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    parser: "swc",
    moduleSystems: ["es6"],
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["browser", "import", "types", "default"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};

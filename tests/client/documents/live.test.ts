/**
 * The contract with the stock y-websocket provider, over the real VaultSocket: what architecture.md found by prototype,
 * kept as tests, so that a new version of the package can't change it unseen.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as awareness from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { CHANNEL_CLOSES } from "../../../client/documents/closes.ts";
import { KEEP_ALIVE_MS, LiveDocument } from "../../../client/documents/live.ts";
import { clientIdsOf } from "../../../client/documents/updates.ts";
import { openVaultSocket } from "../../../client/state/vault-socket.ts";
import { connectPort } from "../../../client/vault/document-port.ts";

/** lib0 takes `Date.now` at import, so a clock that can be moved must be there before it. */
const clock = vi.hoisted(() => {
  const now = Date.now;
  const moved = { byMs: 0 };
  Date.now = () => now() + moved.byMs;
  return moved;
});

/** A log that two devices share: what one adds, the other is shown. */
class SharedLog {
  readonly updates: Uint8Array[] = [];
  readonly bytes = () => this.updates.reduce((sum, update) => sum + update.length, 0);
  readonly lives = new Set<LiveDocument>();
  readonly presence: Uint8Array[] = [];

  open(): LiveDocument {
    const live: LiveDocument = new LiveDocument(this.updates, {
      edited: (update) => {
        this.updates.push(update);
        for (const other of this.lives) if (other !== live) other.applyFromLog([update]);
      },
      presence: (bytes) => this.presence.push(bytes),
    });
    this.lives.add(live);
    return live;
  }
}

const providers: WebsocketProvider[] = [];
// Every provider in Node listens for the process's exit.
process.setMaxListeners(0);
afterEach(() => {
  for (const provider of providers.splice(0)) provider.destroy();
  vi.useRealTimers();
});

function connect(
  live: LiveDocument,
  doc = new Y.Doc(),
  clientTag: number | null = null,
): { doc: Y.Doc; provider: WebsocketProvider } {
  const provider: WebsocketProvider = new WebsocketProvider("ws://vault", "room", doc, {
    WebSocketPolyfill: openVaultSocket(
      async () => ({ port: connectPort(live, async () => undefined), clientTag }),
      () => provider,
    ),
    disableBc: true,
    maxBackoffTime: 50,
  });
  providers.push(provider);
  return { doc, provider };
}

async function until(look: () => boolean): Promise<void> {
  for (let waited = 0; !look(); waited += 5) {
    if (waited > 3000) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("the stock provider over a VaultSocket", () => {
  it("writes with an id of its member's where others write, too", async () => {
    const log = new SharedLog();
    const { doc, provider } = connect(log.open(), new Y.Doc(), 0x2a);
    await until(() => provider.synced);
    doc.getText("t").insert(0, "a");
    await until(() => log.updates.length > 0);
    expect(log.updates.flatMap((update) => clientIdsOf(update)).map((id) => id >>> 24)).toEqual([0x2a]);
    // What the others see of presence is under the same id, also when Yjs draws another one.
    provider.awareness.setLocalState({ user: { name: "Alma" } });
    const other = new Y.Doc();
    other.clientID = doc.clientID;
    other.getText("u").insert(0, "xx");
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(doc.clientID).not.toBe(other.clientID);
    expect([...provider.awareness.getStates()]).toEqual([[doc.clientID, { user: { name: "Alma" } }]]);
  });

  it("is the package that was looked at", () => {
    const source = readFileSync("node_modules/y-websocket/src/y-websocket.js");
    expect(createHash("sha256").update(source).digest("hex")).toBe(
      "82a3809200d80bcc0744b0d16980349941fd7db01af39f88b041df7d63b4980f",
    );
  });

  it("converges over many documents and two clients, also when both were offline", async () => {
    const rooms = Array.from({ length: 100 }, () => {
      const log = new SharedLog();
      return { log, here: connect(log.open()), there: connect(log.open()) };
    });
    const settled = () =>
      rooms.every(({ here, there }) => here.doc.getText("t").toString() === there.doc.getText("t").toString());
    await until(() => rooms.every(({ here, there }) => here.provider.synced && there.provider.synced));
    for (const [at, { here, there }] of rooms.entries()) {
      here.doc.getText("t").insert(0, `her ${at} `);
      there.doc.getText("t").insert(0, `der ${at} `);
    }
    await until(() => settled() && rooms.every(({ here }) => here.doc.getText("t").length > 8));

    for (const { here, there } of rooms) {
      here.provider.disconnect();
      there.provider.disconnect();
      here.doc.getText("t").insert(0, "væk ");
      there.doc.getText("t").delete(0, 4);
      here.provider.connect();
      there.provider.connect();
    }
    await until(() => settled() && rooms.every(({ there }) => there.doc.getText("t").toString().includes("væk")));
  });

  it("adds nothing to the log when a page with deletions connects again", async () => {
    const log = new SharedLog();
    const live = log.open();
    const { doc, provider } = connect(live);
    await until(() => provider.synced);
    doc.getText("t").insert(0, "to be deleted, and a word that stays");
    doc.getText("t").delete(0, 15);
    await until(() => live.doc.getText("t").toString() === "and a word that stays");
    const before = log.updates.length;
    for (let again = 0; again < 5; again++) {
      provider.disconnect();
      provider.connect();
      await until(() => provider.synced);
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(log.updates.length).toBe(before);
  });

  it("drops the awareness that the provider sends on every connect, until presence is on", async () => {
    const log = new SharedLog();
    const live = log.open();
    const { provider } = connect(live);
    provider.awareness.setLocalState({ name: "Alma" });
    await until(() => provider.synced);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(log.presence).toEqual([]);

    live.setPresence(true);
    provider.awareness.setLocalState({ name: "Alma", cursor: 3 });
    await until(() => log.presence.length > 0);
    const other = connect(live);
    await until(() => other.provider.synced);
    live.showPresence(log.presence[0] ?? new Uint8Array());
    await until(() => [...other.provider.awareness.getStates().values()].some((state) => state.cursor === 3));
    expect(awareness.outdatedTimeout).toBe(30_000);
  });

  it("stays connected through silence by empty updates, which change nothing", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const pass = (ms: number): void => {
      clock.byMs += ms;
      vi.advanceTimersByTime(ms);
    };
    const log = new SharedLog();
    const live = log.open();
    const { doc, provider } = connect(live);
    const closes = vi.fn();
    provider.on("connection-close", closes);
    await until(() => provider.synced);
    const updates = vi.fn();
    doc.on("update", updates);
    for (let passed = 0; passed < 60_000; passed += KEEP_ALIVE_MS) {
      pass(KEEP_ALIVE_MS);
      live.keepAlive();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(closes).not.toHaveBeenCalled();
    expect(updates).not.toHaveBeenCalled();
    // Without them the provider gives up: this is what they are for.
    pass(40_000);
    expect(closes).toHaveBeenCalled();
  });

  it.each([
    ["removed", false],
    ["failed", true],
  ] as const)("after close %s, connects again: %s", async (name, again) => {
    const log = new SharedLog();
    const live = log.open();
    const { provider } = connect(live);
    await until(() => provider.synced);
    const closed = vi.fn();
    provider.on("closed", closed);
    const { code, reason } = CHANNEL_CLOSES[name];
    for (const other of log.lives) other.closeChannels(code, reason);
    await until(() => !provider.wsconnected);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(provider.wsconnected).toBe(again);
    expect(closed).toHaveBeenCalledTimes(again ? 0 : 1);
  });

  it("gives what came from the log to the pages and not back to the log", async () => {
    const log = new SharedLog();
    const live = log.open();
    const { doc, provider } = connect(live);
    await until(() => provider.synced);
    const other = new Y.Doc();
    other.getText("t").insert(0, "fra den anden");
    live.applyFromLog([Y.encodeStateAsUpdate(other)]);
    await until(() => doc.getText("t").toString() === "fra den anden");
    expect(log.updates).toEqual([]);
  });

  it("opens a document whose log holds an update that can't be read", () => {
    const good = new Y.Doc();
    good.getText("t").insert(0, "det gode");
    const hooks = { edited: () => undefined, presence: () => undefined };
    const poison = Uint8Array.of(1, 250, 3, 9, 9, 9, 255, 255, 255);
    const live = new LiveDocument([poison, Y.encodeStateAsUpdate(good), poison.subarray(0, 2)], hooks);
    expect(live.doc.getText("t").toString()).toBe("det gode");
  });

  it("closes a channel that sends what is no y-message, and only that one", () => {
    const live = new SharedLog().open();
    const closes: number[] = [];
    const bad = live.attach({ send: () => undefined, close: (code) => closes.push(code) });
    live.attach({ send: () => undefined, close: () => closes.push(0) });
    bad.receive(Uint8Array.of(0, 2, 5, 255, 255, 255, 255, 255));
    expect(closes).toEqual([CHANNEL_CLOSES.badFrame.code]);
    expect(live.attached).toBe(1);
  });
});

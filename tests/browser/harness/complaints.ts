/**
 * Everything a browser complains about during a test: console errors, uncaught errors and policy violations, from the
 * page, its workers and the service worker. A test fails on any of them, but for those it named beforehand.
 *
 * Why three sources. The console has what pages and workers print and throw. A worker's blocked fetch is told to the
 * inspector's log only, so the log of the page (which hears its workers) and of each service worker is read too. And
 * the page's own `securitypolicyviolation` event is listened to as such, since that is what the rule is about.
 */
import type { BrowserContext, CDPSession, ConsoleMessage, Page } from "@playwright/test";

export interface Complaint {
  readonly source: "console" | "uncaught" | "policy" | "log";
  readonly text: string;
  /** The address the line is about, or the script it came from; empty where the browser names none. */
  readonly url: string;
}

export type Allowance = (complaint: Complaint) => boolean;

export class Complaints {
  readonly #unexpected: Complaint[] = [];
  readonly #expected: Complaint[] = [];
  readonly #allowed: { readonly reason: string; readonly allowance: Allowance }[] = [];

  /** Names an exception. It holds for lines from now on, until the returned function is called. */
  allow(reason: string, allowance: Allowance): () => void {
    const entry = { reason, allowance };
    this.#allowed.push(entry);
    return () => {
      this.#allowed.splice(this.#allowed.indexOf(entry), 1);
    };
  }

  add(complaint: Complaint): void {
    const expected = this.#allowed.some(({ allowance }) => allowance(complaint));
    (expected ? this.#expected : this.#unexpected).push(complaint);
  }

  /** What came and was allowed, so far: a test that plants something sees here that it was reported. */
  expected(): readonly Complaint[] {
    return this.#expected;
  }

  /** What nobody allowed, so far. */
  unexpected(): readonly Complaint[] {
    return this.#unexpected;
  }

  async watch(context: BrowserContext): Promise<void> {
    context.on("console", (message: ConsoleMessage) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.add({ source: "console", text: message.text(), url: message.location().url });
    });
    context.on("weberror", (error) =>
      this.add({ source: "uncaught", text: String(error.error()), url: error.page()?.url() ?? "" }),
    );
    await context.exposeBinding("reportPolicyViolation", (_source, text: string, url: string) =>
      this.add({ source: "policy", text, url }),
    );
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        const report = Reflect.get(globalThis, "reportPolicyViolation") as (text: string, url: string) => void;
        report(`${event.violatedDirective} blocked ${event.blockedURI || "inline"}`, event.sourceFile);
      });
    });
    context.on("page", (page) => void this.#readLog(context, page));
    for (const page of context.pages()) await this.#readLog(context, page);
    await this.#readServiceWorkerLogs(context);
  }

  /** The log of a page: it hears its dedicated workers. Lines of the page itself come through the console already. */
  async #readLog(context: BrowserContext, page: Page): Promise<void> {
    try {
      const session = await context.newCDPSession(page);
      session.on("Log.entryAdded", ({ entry }) => {
        if (entry.source === "worker") this.#addEntry(entry);
      });
      await session.send("Log.enable");
    } catch {
      // The page closed before it could be listened to: nothing of it was seen either.
    }
  }

  /** Service workers are targets of the browser, not of a page; their log replays what was said before we listened. */
  async #readServiceWorkerLogs(context: BrowserContext): Promise<void> {
    const session: CDPSession | undefined = await context.browser()?.newBrowserCDPSession();
    if (!session) throw new Error("the service worker's log can't be read: no browser session");
    session.on("Target.targetCreated", ({ targetInfo: { targetId, type } }) => {
      if (type === "service_worker")
        session.send("Target.attachToTarget", { targetId, flatten: false }).catch(() => {});
    });
    session.on("Target.attachedToTarget", ({ sessionId }) => {
      const message = JSON.stringify({ id: 1, method: "Log.enable" });
      session.send("Target.sendMessageToTarget", { sessionId, message }).catch(() => {});
    });
    session.on("Target.receivedMessageFromTarget", ({ message }) => {
      const heard: { method?: string; params?: { entry: LogEntry } } = JSON.parse(message);
      if (heard.method === "Log.entryAdded" && heard.params) this.#addEntry(heard.params.entry);
    });
    await session.send("Target.setDiscoverTargets", { discover: true });
  }

  #addEntry({ level, text, url }: LogEntry): void {
    if (level === "error" || level === "warning") this.add({ source: "log", text, url: url ?? "" });
  }
}

interface LogEntry {
  readonly level: string;
  readonly text: string;
  readonly url?: string;
}

/** Chromium's own lines about a connection to our origin that failed: the server is stopped, or flight mode is on. */
export const networkLines =
  (origin: string): Allowance =>
  ({ source, text, url }) => {
    if (source !== "console" && source !== "log") return false;
    const socket = origin.replace(/^http/, "ws");
    if (text.startsWith(`WebSocket connection to '${socket}/`)) return true;
    return text.startsWith("Failed to load resource: net::ERR_") && url.startsWith(`${origin}/`);
  };

/** Chromium's own line about an answer with this status from our origin. */
export const statusLines =
  (origin: string, status: number): Allowance =>
  ({ source, text, url }) =>
    (source === "console" || source === "log") &&
    text.startsWith(`Failed to load resource: the server responded with a status of ${status} `) &&
    url.startsWith(`${origin}/`);

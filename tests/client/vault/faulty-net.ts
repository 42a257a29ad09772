/**
 * Two people over a net that loses or holds up single requests, or messages of a WebSocket: each vault is the real one, on the real
 * server, and what it sends and gets is counted so that a test can say what goes wrong and how.
 */
import { createTransport } from "../../../client/transport/transport.ts";
import type { PersonId, VaultApi } from "../../../client/vault/api.ts";
import { decodePollUp } from "../../../protocol/codec.ts";
import { paths } from "../../../protocol/http.ts";
import { connectOver } from "./connect-over.ts";
import { CHILD, Device, PICTURES, until } from "./device.ts";
import { openPage, type } from "./page.ts";

/** before: it never reaches the server. after: the server takes it and its answer is lost. late: it leaves later. */
export type Fault = "before" | "after" | "late";
const LATE_MS = 2_500;

export interface Passed {
  readonly who: string;
  readonly what: string;
}

export class FaultyNet {
  /** In the order in which they set out. */
  readonly passed: Passed[] = [];
  /** In the order in which they were answered. */
  readonly answered: Passed[] = [];
  counting: boolean = false;
  /** When the fault was over. */
  faultAt = 0;
  readonly #fault: (passed: Passed, nth: number) => Fault | null;
  readonly #address: string;
  readonly #sockets: boolean;

  /** `address`: where everybody comes from, for the server's limits. `sockets`: WebSockets get through. */
  constructor(address: string, sockets: boolean, fault: (passed: Passed, nth: number) => Fault | null) {
    this.#address = address;
    this.#sockets = sockets;
    this.#fault = fault;
  }

  /** What is to go wrong with it. */
  note(passed: Passed): Fault | null {
    if (!this.counting) return null;
    this.passed.push(passed);
    return this.#fault(passed, this.passed.length - 1);
  }

  socketOf(who: string): (url: string, protocol: string) => WebSocket {
    if (!this.#sockets) return noSocket;
    return (url, protocol) => new BreakingSocket(this, who, url, protocol) as unknown as WebSocket;
  }

  fetchOf(who: string): (url: string, init: RequestInit) => Promise<Response> {
    return async (url, init) => {
      const headers = new Headers(init.headers);
      headers.set("X-Forwarded-For", this.#address);
      const { pathname } = new URL(url);
      const body = init.body as Uint8Array | undefined;
      const isPoll = pathname === paths.poll && headers.has("Authorization") && body !== undefined;
      const listens = isPoll && decodePollUp(body).frames.length === 0;
      const what = `${init.method} ${listens ? "listen" : pathname.replace(/[0-9a-f]{32,}/g, "…")}`;
      const passed = { who, what };
      const fault = this.note(passed);
      if (fault === "late") {
        await new Promise((later) => setTimeout(later, LATE_MS));
        this.faultAt = Date.now();
      }
      if (fault === "before") {
        this.faultAt = Date.now();
        throw new TypeError("lost on its way");
      }
      const response = await fetch(url, { ...init, headers });
      this.answered.push(passed);
      if (fault === "after") {
        await response.arrayBuffer();
        this.faultAt = Date.now();
        throw new TypeError("the answer was lost");
      }
      return response;
    };
  }
}

const noSocket = (): WebSocket => {
  throw new Error("blocked");
};

type Listener<Event> = ((event: Event) => void) | null;

/**
 * A WebSocket that may break at any of its messages, up or down. before: the message is lost with the line; after: it came
 * through, and nothing more does; late: it is held up, and all that follows with it.
 */
class BreakingSocket {
  binaryType = "arraybuffer";
  onopen: Listener<Event> = null;
  onmessage: Listener<MessageEvent<unknown>> = null;
  onclose: Listener<{ readonly code: number }> = null;
  readonly #net: FaultyNet;
  readonly #who: string;
  readonly #socket: WebSocket;
  #broken: boolean = false;
  #after: Promise<void> = Promise.resolve();

  constructor(net: FaultyNet, who: string, url: string, protocol: string) {
    this.#net = net;
    this.#who = who;
    this.#socket = new WebSocket(url, protocol);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = (event) => this.onopen?.(event);
    this.#socket.onmessage = (event) => this.#pass("down", () => this.onmessage?.(event));
    this.#socket.onclose = ({ code }) => this.#end(code);
  }
  get protocol(): string {
    return this.#socket.protocol;
  }
  get readyState(): number {
    return this.#broken ? WebSocket.CLOSED : this.#socket.readyState;
  }
  send(message: Uint8Array<ArrayBuffer>): void {
    this.#pass("up", () => this.#socket.send(message));
  }
  close(): void {
    this.#socket.close();
  }

  #end(code: number): void {
    if (this.#broken) return;
    this.#broken = true;
    this.onclose?.({ code });
  }

  #pass(what: string, go: () => void): void {
    if (this.#broken) return;
    const fault = this.#net.note({ who: this.#who, what });
    if (fault === "late") {
      this.#after = this.#after.then(async () => {
        await new Promise((later) => setTimeout(later, LATE_MS));
        this.#net.faultAt = Date.now();
      });
    }
    if (fault !== "before") this.#after = this.#after.then(go);
    if (fault === "before" || fault === "after") {
      this.#net.faultAt = Date.now();
      this.#after = this.#after.then(() => {
        this.#socket.close();
        this.#end(1006);
      });
    }
  }
}

export async function person(origin: string, net: FaultyNet, role: "child" | "caseworker", name: string) {
  const device = await Device.create();
  const transport = createTransport(origin, { fetch: net.fetchOf(name), openSocket: net.socketOf(name) });
  connectOver(device, transport);
  const vault = device.start();
  await vault.createPocket({ ...CHILD, role });
  await vault.confirmCode(PICTURES);
  await vault.setName(name);
  await until(async () => (await vault.syncState()).connection === "on", 60_000);
  return { device, vault };
}

const WORDS = "Vi gik ud på broen";

/** Pairs by link, shows at once; when Mette has it. Milliseconds from the last fault (or the beginning). */
export async function story(origin: string, net: FaultyNet, patienceMs: number) {
  const [alma, mette] = await Promise.all([
    person(origin, net, "child", "Alma"),
    person(origin, net, "caseworker", "Mette"),
  ]);
  const steps: [string, number][] = [];
  const problems = (): string[] =>
    [alma, mette].flatMap(({ vault }) =>
      vault.events.flatMap((event) =>
        event.type === "sync" && event.state.problem !== null ? [event.state.problem] : [],
      ),
    );
  const begun = Date.now();
  const step = (name: string): void => void steps.push([name, Date.now() - begun]);
  const document = await alma.vault.createDocument("entry");
  const page = await openPage(alma.vault, document);
  try {
    type(page, WORDS);
    await until(async () => (await alma.vault.timeline("entry")).some(({ excerpt }) => excerpt === WORDS));
    net.counting = true;
    net.faultAt = Date.now();
    let payload = "";
    await until(
      () =>
        alma.vault.invite("link").then(
          (made) => {
            payload = made.payload;
            return true;
          },
          () => false,
        ),
      30_000,
    );
    step("invited");
    await until(
      () =>
        mette.vault.join(payload, "link").then(
          () => true,
          () => false,
        ),
      30_000,
    );
    step("joined");
    const comparing = async (vault: VaultApi): Promise<PersonId | null> => {
      const [other] = await vault.people();
      return other?.state === "compare" ? other.id : null;
    };
    const metteAtAlma = await until(() => comparing(alma.vault), patienceMs);
    const almaAtMette = await until(() => comparing(mette.vault), patienceMs);
    step("compare");
    await alma.vault.confirmPictures(metteAtAlma, true);
    await mette.vault.confirmPictures(almaAtMette, true);
    step("confirmed");
    await alma.vault.show(document, metteAtAlma, { notSafeForParents: false, withMoods: true, photos: [] });
    step("shown");
    await until(async () => (await mette.vault.received())[0], patienceMs);
    step("received");
    const last = async () => (await alma.vault.shares(document))[0]?.steps.at(-1)?.step;
    await until(async () => (await last()) === "arrived", patienceMs);
    step("arrived");
    net.counting = false;
    return { ms: Date.now() - net.faultAt, steps, problems: problems(), stuck: null };
  } catch (error) {
    net.counting = false;
    return { ms: Date.now() - net.faultAt, steps, problems: problems(), stuck: String(error) };
  } finally {
    page.close();
    for (const { device } of [alma, mette]) for (const stop of device.stops.splice(0)) await stop();
  }
}

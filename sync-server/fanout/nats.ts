/**
 * Hints over NATS: one subject per space, `lomme.<server id>.<space id>`, no streams, nothing stored. The connection is
 * made in the background and again whenever it breaks, for ever: without it a node works on, a look at the store later.
 */
import { connect, type NatsConnection, type Subscription } from "@nats-io/transport-node";
import type { ServerId, SpaceId } from "../../protocol/frames.ts";
import { decodeHint, encodeHint, type HintListener, type Hints } from "./hints.ts";

export interface NatsOptions {
  /** nats://[user:password@]host:port, several with commas between. */
  readonly url: string;
  readonly server: ServerId;
  onFailure(error: unknown): void;
}

const RECONNECT_MS = 500;
const PING_MS = 10_000;
/** A server that takes longer to confirm is treated as absent; a look follows anyway. */
const SETTLE_MS = 1_000;

export function createNatsHints({ url, server, onFailure }: NatsOptions, listener: HintListener): Hints {
  const subscriptions = new Map<SpaceId, Subscription | null>();
  let connection: NatsConnection | null = null;
  let isConnected = false;
  let closed = false;
  const subject = (space: SpaceId): string => `lomme.${server}.${space}`;

  const connecting = connect({
    ...readServers(url),
    name: "lomme",
    noEcho: true,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    pingInterval: PING_MS,
  }).then(async (made) => {
    if (closed) {
      await made.close();
      return;
    }
    connection = made;
    isConnected = true;
    for (const space of subscriptions.keys()) subscribe(made, space);
    listener.missed();
    void follow(made);
  }, onFailure);

  async function follow(made: NatsConnection): Promise<void> {
    for await (const { type } of made.status()) {
      if (type === "disconnect") isConnected = false;
      if (type === "reconnect") {
        isConnected = true;
        listener.missed();
      }
    }
  }

  function subscribe(made: NatsConnection, space: SpaceId): void {
    const callback = (error: Error | null, message: { readonly data: Uint8Array }): void => {
      try {
        if (error !== null) throw error;
        listener.hear(space, decodeHint(message.data));
      } catch (failure) {
        onFailure(failure); // another program's message under our subject, or a newer node's
      }
    };
    subscriptions.set(space, made.subscribe(subject(space), { callback }));
  }

  return {
    listen(space) {
      if (connection === null || connection.isClosed()) subscriptions.set(space, null);
      else subscribe(connection, space);
    },
    unlisten(space) {
      subscriptions.get(space)?.unsubscribe();
      subscriptions.delete(space);
    },
    send(space, hint) {
      // While disconnected the client would keep what is sent for later; a late hint is worth no memory.
      if (isConnected) connection?.publish(subject(space), encodeHint(hint));
    },
    async settled() {
      if (connection === null || !isConnected) return;
      const late = new Promise<void>((resolve) => setTimeout(resolve, SETTLE_MS).unref());
      await Promise.race([connection.flush().catch(() => {}), late]);
    },
    get isConnected() {
      return isConnected;
    },
    async close() {
      closed = true;
      isConnected = false;
      await connection?.close();
      if (connection !== null) await connecting;
    },
  };
}

/** User and password travel apart from the address in this client. */
function readServers(url: string): { servers: string[]; user?: string; pass?: string } {
  const urls = url.split(",").map((one) => new URL(one.trim()));
  const { username, password } = urls[0] as URL;
  return {
    servers: urls.map(({ host }) => host),
    ...(username !== "" && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
  };
}

/** What the HTTP routes are given. */
import type { Context, MiddlewareHandler } from "hono";
import { ADDRESS_RATES } from "../../protocol/limits.ts";
import type { BlobStore } from "../blobs/port.ts";
import type { Clock } from "../clock.ts";
import type { Fanout } from "../fanout/port.ts";
import type { Metrics } from "../metrics.ts";
import type { Polls } from "../poll.ts";
import { createKeyedRates, type KeyedRates } from "../rates.ts";
import type { Storage } from "../storage/port.ts";
import type { Tokens } from "../tokens.ts";

export type AddressRates = Readonly<Record<keyof typeof ADDRESS_RATES, KeyedRates>>;

export function createAddressRates(): AddressRates {
  return {
    creation: createKeyedRates(ADDRESS_RATES.creation),
    wraps: createKeyedRates(ADDRESS_RATES.wraps),
    drops: createKeyedRates(ADDRESS_RATES.drops),
    polls: createKeyedRates(ADDRESS_RATES.polls),
  };
}

export interface AppDeps {
  readonly storage: Storage;
  readonly blobs: BlobStore;
  readonly fanout: Fanout;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly rates: AddressRates;
  readonly creation: "open" | "token";
  /** The client's address, for rates only; never stored or logged. */
  addressOf(context: Context): string;
  isSecure(request: Request): boolean;
  onFailure(error: unknown): void;
  readonly metrics: Metrics;
  readonly polls: Polls;
  /** Counts a polling connection for its address; null refuses it, else call it when the connection ends. */
  admit(context: Context): (() => void) | null;
  /** Open connections, for the metrics. */
  connections(): number;
  /** Whether the request comes from this machine itself, with no proxy between. */
  isLocal(context: Context): boolean;
  /** With it /metrics can be read from elsewhere. */
  readonly metricsToken: string | null;
  /** Serves the built client; absent in tests of the API. */
  readonly client?: MiddlewareHandler;
}

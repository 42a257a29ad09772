/** All HTTP routes as one Hono app, without a port: tests call `app.request`. */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { ProtocolError } from "../protocol/errors.ts";
import type { BlobStore } from "./blobs/port.ts";
import type { Clock } from "./clock.ts";
import type { Fanout } from "./fanout/port.ts";
import { securityHeaders } from "./headers.ts";
import { createKeyedRates, type KeyedRates } from "./rates.ts";
import { answerError } from "./routes/answers.ts";
import { addBlobRoutes } from "./routes/blobs.ts";
import { addDropRoutes } from "./routes/drops.ts";
import { addHealthRoute } from "./routes/health.ts";
import { addSpaceRoutes } from "./routes/spaces.ts";
import { addWrapRoutes } from "./routes/wraps.ts";
import { type Storage, StorageError } from "./storage/port.ts";
import type { Tokens } from "./tokens.ts";

/** Per address, in memory only. One address may be a whole school, so the limits are those of a class, not of a person. */
export const RATES = {
  /** A class that sets up at once: three spaces each. */
  creation: { burst: 100, perSecond: 0.1 },
  /** Guessing a 128-bit tag is hopeless anyway; this bounds the work. */
  wraps: { burst: 300, perSecond: 5 },
  drops: { burst: 300, perSecond: 5 },
} as const;

export type AddressRates = Readonly<Record<keyof typeof RATES, KeyedRates>>;

export function createAddressRates(): AddressRates {
  return {
    creation: createKeyedRates(RATES.creation),
    wraps: createKeyedRates(RATES.wraps),
    drops: createKeyedRates(RATES.drops),
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
  /** Serves the built client; absent in tests of the API. */
  readonly client?: MiddlewareHandler;
}

export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  app.use(securityHeaders(deps.isSecure));
  addHealthRoute(app, deps);
  addSpaceRoutes(app, deps);
  addWrapRoutes(app, deps);
  addDropRoutes(app, deps);
  addBlobRoutes(app, deps);
  if (deps.client !== undefined) app.use(deps.client);
  app.notFound((context) => answerError(context, "not-found"));
  app.onError((error, context) => {
    if (error instanceof ProtocolError) return answerError(context, error.code);
    if (error instanceof StorageError && error.code !== "storage-failed") return answerError(context, error.code);
    deps.onFailure(error);
    return answerError(context, error instanceof StorageError ? "storage-failed" : "internal");
  });
  return app;
}

/** All HTTP routes as one Hono app, without a port: tests call `app.request`. */
import { Hono } from "hono";
import { ProtocolError } from "../protocol/errors.ts";
import { securityHeaders } from "./headers.ts";
import { answerError } from "./routes/answers.ts";
import { addBlobRoutes } from "./routes/blobs.ts";
import type { AppDeps } from "./routes/deps.ts";
import { addDropRoutes } from "./routes/drops.ts";
import { addHealthRoutes } from "./routes/health.ts";
import { addPollRoute } from "./routes/poll.ts";
import { addRoomRoutes } from "./routes/room.ts";
import { addSpaceRoutes } from "./routes/spaces.ts";
import { addWrapRoutes } from "./routes/wraps.ts";
import { StorageError } from "./storage/port.ts";

export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    deps.metrics.count("http", context.res.status);
  });
  app.use(securityHeaders(deps.isSecure));
  addHealthRoutes(app, deps);
  addSpaceRoutes(app, deps);
  addRoomRoutes(app, deps);
  addWrapRoutes(app, deps);
  addDropRoutes(app, deps);
  addBlobRoutes(app, deps);
  addPollRoute(app, deps);
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

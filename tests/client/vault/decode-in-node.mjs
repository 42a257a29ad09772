/** client/decode-worker.ts in a thread of Node: what a worker of a browser has, over the thread's port. */
import { parentPort } from "node:worker_threads";

globalThis.self = { postMessage: (answer) => parentPort.postMessage(answer), onmessage: null };
parentPort.on("message", (data) => globalThis.self.onmessage?.({ data }));
await import("../../../client/decode-worker.ts");

/** The measurement in a worker, where the vault runs too. */
import { measure } from "./crypto-measure.ts";

measure().then(
  (result) => postMessage(result),
  (error: unknown) => postMessage({ error: String(error) }),
);

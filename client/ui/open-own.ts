import { go } from "../state/route.ts";
import type { Summary } from "../state/types.ts";

/** To the screen on which an own document is read and written. */
export const openOwn = ({ document, kind }: Pick<Summary, "document" | "kind">): void => {
  if (kind === "life" || kind === "me") go(kind);
  else go("entry", { document });
};

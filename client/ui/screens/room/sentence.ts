import type { Brought } from "../../../state/room.ts";
import { t } from "../../text.ts";

/** What came of codes that were typed, scanned or read from a file. */
export function sentenceOf(came: Brought): string {
  switch (came.kind) {
    case "added":
      return t("room.added", { count: came.count });
    case "known":
      return t("room.known");
    case "none":
      return t("room.none");
    case "failed":
      return t("room.failed");
  }
}

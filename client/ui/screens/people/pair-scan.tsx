import { payloadOf } from "../../../state/invitation-link.ts";
import { Scan, type ScanWords } from "../../parts/scan.tsx";
import { t } from "../../text.ts";
import { joinBy } from "./joining.ts";

const words: ScanWords = {
  title: "pair.scan",
  camera: "pair.camera",
  noCamera: "pair.noCamera",
  fromPicture: "pair.fromPicture",
  noCode: "pair.noCode",
  working: "pair.working",
};

/** Scanning the other's code. A picture of a code may have travelled: then both compare, as with a link. */
export function PairScan() {
  const use = async (text: string, by: "scan" | "link"): Promise<string | null> => {
    const payload = payloadOf(text);
    return payload === null ? t("pair.broken") : joinBy(payload, by);
  };
  return <Scan words={words} onCode={use} />;
}

import { bringCodes } from "../../../state/room.ts";
import { back } from "../../../state/route.ts";
import { say } from "../../parts/live.tsx";
import { Scan, type ScanWords } from "../../parts/scan.tsx";
import { t } from "../../text.ts";
import { sentenceOf } from "./sentence.ts";

const words: ScanWords = {
  title: "room.scan",
  camera: "pair.camera",
  noCamera: "pair.noCamera",
  fromPicture: "pair.fromPicture",
  noCode: "pair.noCode",
  working: "room.working",
};

/** The code on a slip, by camera or from a picture of it. */
export function RoomScan() {
  const use = async (text: string): Promise<string | null> => {
    const came = await bringCodes(text);
    if (came.kind !== "added") return sentenceOf(came);
    say(sentenceOf(came));
    back();
    return null;
  };
  return <Scan words={words} lead={t("room.slip")} onCode={use} />;
}

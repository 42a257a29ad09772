import { useEffect } from "preact/hooks";
import { look } from "../../../state/language.ts";
import { isChild, pocket } from "../../../state/session.ts";
import { loadEditor } from "../../editor/lazy-editor.tsx";
import { Desk } from "../desk/desk.tsx";
import { CarersRoom } from "../door/carers-room.tsx";
import "./home.css";
import { MiddleHome } from "./middle-home.tsx";
import { PictureHome } from "./picture-home.tsx";
import { QuietHome } from "./quiet-home.tsx";

/** After home is drawn and everything else of it is here. */
const READY_TO_WRITE_MS = 1_500;

/** What a press on an entry needs is loaded while one looks at home: the first one opens as fast as the next. */
function useReadyToWrite(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // Without it, it loads when an entry is opened.
      Promise.all([import("../entry/entry.tsx"), loadEditor()]).catch(() => undefined);
    }, READY_TO_WRITE_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** Where one lands: a pocket in the look its child chose, a desk for the caseworker, the step list for the carer. */
export function Home() {
  useReadyToWrite();
  if (!isChild.value) return pocket.value?.role === "caseworker" ? <Desk /> : <CarersRoom />;
  if (look.value === "pictures") return <PictureHome />;
  return look.value === "quiet" ? <QuietHome /> : <MiddleHome />;
}

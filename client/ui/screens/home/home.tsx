import { look } from "../../../state/language.ts";
import { isChild, pocket } from "../../../state/session.ts";
import { Desk } from "../desk/desk.tsx";
import { CarersRoom } from "../door/carers-room.tsx";
import "./home.css";
import { MiddleHome } from "./middle-home.tsx";
import { PictureHome } from "./picture-home.tsx";
import { QuietHome } from "./quiet-home.tsx";

/** Where one lands: a pocket in the look its child chose, a desk for the caseworker, the step list for the carer. */
export function Home() {
  if (!isChild.value) return pocket.value?.role === "caseworker" ? <Desk /> : <CarersRoom />;
  if (look.value === "pictures") return <PictureHome />;
  return look.value === "quiet" ? <QuietHome /> : <MiddleHome />;
}

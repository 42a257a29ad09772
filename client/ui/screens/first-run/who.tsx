import { chosenLook, role } from "../../../state/first-run.ts";
import { look } from "../../../state/language.ts";
import { go } from "../../../state/route.ts";
import type { Role } from "../../../state/types.ts";
import { Hem, Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";
import { CarerDrawing, CaseworkerDrawing, ChildDrawing } from "./drawings.tsx";

const people = [
  { who: "child", text: "who.child", Drawing: ChildDrawing },
  { who: "carer", text: "who.carer", Drawing: CarerDrawing },
  { who: "caseworker", text: "who.caseworker", Drawing: CaseworkerDrawing },
] as const;

/** Who are you, in pictures. Adults get the quiet look and a passphrase; a child is handed the tablet first. */
export function WhoAreYou() {
  const choose = (who: Role) => {
    role.value = who;
    if (who === "child") return go("handover");
    chosenLook.value = "quiet";
    look.value = "quiet";
    go("colour");
  };
  return (
    <Screen footer={<Hem />}>
      <h1>{t("who.title")}</h1>
      <ul class="stack">
        {people.map(({ who, text, Drawing }) => (
          <li key={who} class="spoken">
            <div class="choices">
              <button type="button" onClick={() => choose(who)}>
                <Drawing />
                <span>{t(text)}</span>
              </button>
            </div>
            <SpeakButton text={t(text)} />
          </li>
        ))}
      </ul>
    </Screen>
  );
}

import { lock } from "../../../state/lock.ts";
import { go } from "../../../state/route.ts";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { StorageWord } from "../../parts/storage-word.tsx";
import { type TextKey, t } from "../../text.ts";
import { WaitSlip } from "../home/news-slip.tsx";
import { SettingsButton } from "../home/settings-button.tsx";
import "./door.css";

const setUp: readonly TextKey[] = ["carer.step1", "carer.step2", "carer.step3", "carer.step4"];
const leave: readonly TextKey[] = ["carer.leave1", "carer.leave2", "carer.leave3", "carer.leave4"];

/** The carer's own room: how to help, and how to leave something. It shows nothing of any child. */
export function CarersRoom() {
  return (
    <Screen
      help={false}
      back="none"
      name="Lomme"
      middle={<SettingsButton />}
      hem={
        <>
          <button type="button" onClick={() => void lock()}>
            <Icon name="lock" />
            <span>{t("home.lock")}</span>
          </button>
          <button type="button" onClick={() => go("help")}>
            <span>{t("home.help")}</span>
            <Icon name="help" />
          </button>
        </>
      }
    >
      <h1>{t("carer.title")}</h1>
      <WaitSlip />
      <StorageWord />
      <p class="lead">{t("carer.lead")}</p>
      <Steps title="carer.steps" steps={setUp} />
      <Steps title="carer.leaveTitle" steps={leave} />
      <Word icon="info">{t("carer.together")}</Word>
    </Screen>
  );
}

function Steps({ title, steps }: { title: TextKey; steps: readonly TextKey[] }) {
  return (
    <section class="carer-part">
      <h2>{t(title)}</h2>
      <ol class="carer-steps">
        {steps.map((step, index) => (
          <li key={step}>
            <span class="voice" aria-hidden="true">
              {index + 1}
            </span>
            <p>{t(step)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

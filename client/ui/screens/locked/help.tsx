import { country, language } from "../../../state/language.ts";
import { quickExit } from "../../../state/quick-exit.ts";
import { Button } from "../../parts/button.tsx";
import { CallLine } from "../../parts/call-line.tsx";
import { Choice } from "../../parts/choice.tsx";
import { helpNumbers } from "../../parts/help-numbers.ts";
import { Hem, Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";

/** Help now: on both sides of the lock, in flight mode too; it leaves no trace in Lomme. */
export function Help() {
  const { line, danger } = helpNumbers[country.value];
  return (
    <Screen exit={false} footer={<ExitHem />}>
      <h1>{t("help.title")}</h1>
      <CallLine number={line} under={t(country.value === "dk" ? "help.line.dk" : "help.line.se")} patch="moss" />
      <CallLine number={danger} under={t("help.danger")} patch="brick" />
      <p class="small call-note">{t("help.trace")}</p>
      {language.value === "en" && (
        <Choice
          label={t("help.where")}
          values={[
            { value: "dk", word: t("help.dk") },
            { value: "se", word: t("help.se") },
          ]}
          chosen={country.value}
          onChoose={(chosen) => {
            country.value = chosen;
          }}
        />
      )}
    </Screen>
  );
}

function ExitHem() {
  return (
    <Hem>
      <Button kind="now" icon="exit" big wide onPress={quickExit}>
        {t("help.exit")}
      </Button>
      <p class="small center">{t("help.exitHow")}</p>
    </Hem>
  );
}

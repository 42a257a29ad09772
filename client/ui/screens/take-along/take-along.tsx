import { go } from "../../../state/route.ts";
import { Icon } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { t } from "../../text.ts";

/** What can be taken out of the pocket, and brought into it. */
export function TakeAlong() {
  return (
    <Screen>
      <div class="spoken">
        <h1>{t("take.title")}</h1>
        <SpeakButton text={`${t("take.title")}. ${t("take.lead")}`} />
      </div>
      <p class="lead">{t("take.lead")}</p>
      <ul class="rows">
        <Row
          start={<Icon name="book" />}
          title={t("take.book")}
          under={t("take.bookUnder")}
          onPress={() => go("book")}
        />
        <Row
          start={<Icon name="copy" />}
          title={t("take.copy")}
          under={t("take.copyUnder")}
          onPress={() => go("take-copy")}
        />
        <Row
          start={<Icon name="inbox" />}
          title={t("take.bring")}
          under={t("take.bringUnder")}
          onPress={() => go("bring-in")}
        />
      </ul>
    </Screen>
  );
}

import { build, version } from "../../../state/about.ts";
import { go } from "../../../state/route.ts";
import { Icon } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import "./settings.css";

/** Version and build, who can use Lomme and who can't yet, and what it is made of. */
export function About() {
  return (
    <Screen>
      <h1>{t("about.title")}</h1>
      <p class="lead">{t("about.lead")}</p>
      <ul class="rows">
        <Row title={t("about.access")} start={<Icon name="people" />} onPress={() => go("about-access")} />
        <Row title={t("about.licences")} start={<Icon name="list" />} onPress={() => go("about-licences")} />
      </ul>
      <dl class="about-build meta">
        <dt>{t("about.version")}</dt>
        <dd>{version}</dd>
        <dt>{t("about.build")}</dt>
        <dd>{build}</dd>
      </dl>
      <p class="meta">{t("about.check")}</p>
    </Screen>
  );
}

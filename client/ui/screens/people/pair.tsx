import { useState } from "preact/hooks";
import { profile } from "../../../state/lists.ts";
import { writeMyName } from "../../../state/people.ts";
import { go } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Row } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./people.css";

const MAX_NAME = 64;

/** Finding each other. First a name (the other sees it), then one shows a code and the other scans it. */
export function Pair() {
  const mine = useList(profile);
  if (mine === null) return <Screen>{null}</Screen>;
  if (mine.name.trim() === "") return <MyName />;
  return (
    <Screen>
      <h1>{t("pair.title")}</h1>
      <p class="lead">{t("pair.lead")}</p>
      <ul class="rows pair-ways">
        <Row title={t("pair.show")} start={<WayIcon name="code" />} onPress={() => go("pair-code")} />
        <Row title={t("pair.scan")} start={<WayIcon name="camera" />} onPress={() => go("pair-scan")} />
        <Row title={t("pair.link")} start={<WayIcon name="link" />} onPress={() => go("pair-link")} />
      </ul>
    </Screen>
  );
}

const WayIcon = ({ name }: { name: "code" | "camera" | "link" }) => (
  <span class="thumb">
    <Icon name={name} />
  </span>
);

function MyName() {
  const [name, setName] = useState("");
  const [failed, setFailed] = useState(false);
  const save = async (): Promise<void> => {
    if (name.trim() === "") return;
    try {
      await writeMyName(name.trim());
      await profile.refresh();
    } catch {
      setFailed(true);
    }
  };
  return (
    <Screen
      hem={
        <Button kind="now" wide off={name.trim() === ""} onPress={() => void save()}>
          {t("pair.nameSave")}
        </Button>
      }
    >
      <h1>{t("pair.name")}</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <input
          class="field"
          maxLength={MAX_NAME}
          autocomplete="off"
          spellcheck={false}
          aria-label={t("pair.name")}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </form>
      <p class="meta">{t("pair.nameHint")}</p>
      {failed && <p role="alert">{t("pair.failed")}</p>}
    </Screen>
  );
}

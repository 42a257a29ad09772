import { useId, useState } from "preact/hooks";
import { startAt } from "../../../state/route.ts";
import { cardComesNext, saveName } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";

/** Adults say who they are: it is the name the child will see. */
export function YourName() {
  const id = useId();
  const [name, setName] = useState("");
  const ready = name.trim() !== "";
  const next = async () => {
    if (!ready) return;
    await saveName(name.trim());
    cardComesNext();
    startAt("close-and-open");
  };
  return (
    <Screen
      back="none"
      name="Lomme"
      hem={
        <Button kind="now" wide off={!ready} onPress={() => void next()}>
          {t("yourname.next")}
        </Button>
      }
    >
      <h1>{t("yourname.title")}</h1>
      <p class="lead">{t("yourname.lead")}</p>
      <form
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          void next();
        }}
      >
        <label class="label" for={id}>
          {t("yourname.label")}
        </label>
        <input
          id={id}
          class="field"
          type="text"
          autocomplete="off"
          maxLength={64}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </form>
    </Screen>
  );
}

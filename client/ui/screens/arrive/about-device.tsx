import { useId, useState } from "preact/hooks";
import { guessKind } from "../../../state/arriving.ts";
import type { DeviceAbout, DeviceKind } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import "./arrive.css";

/** What this device is called in the pocket's list of devices; the name may be left out. */
export function AboutDevice({ onNext, back }: { onNext: (about: DeviceAbout) => void; back?: () => void }) {
  const id = useId();
  const [kind, setKind] = useState<DeviceKind>(guessKind);
  const [name, setName] = useState("");
  const next = () => onNext({ kind, name: name.trim() });
  return (
    <Screen
      back={back ?? "history"}
      hem={
        <Button kind="now" wide onPress={next}>
          {t("device.next")}
        </Button>
      }
    >
      <h1>{t("device.title")}</h1>
      <Choice<DeviceKind>
        label={t("device.kinds")}
        chosen={kind}
        onChoose={setKind}
        values={(["tablet", "phone", "computer"] as const).map((value) => ({ value, word: t(`device.${value}`) }))}
      />
      <form
        class="about-form"
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          next();
        }}
      >
        <label class="label" for={id}>
          {t("device.name")}
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
        <p class="small">{t("device.hint")}</p>
      </form>
    </Screen>
  );
}

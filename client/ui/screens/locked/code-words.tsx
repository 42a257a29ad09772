import { useState } from "preact/hooks";
import { normalisePassphrase } from "../../../state/passphrase.ts";
import { Button } from "../../parts/button.tsx";
import { PassphraseField } from "../../parts/passphrase-field.tsx";
import { t } from "../../text.ts";

/** Typing a passphrase to open the pocket. */
export function PassphraseEntry({ off, onEnter }: { off: boolean; onEnter: (passphrase: string) => void }) {
  const [typed, setTyped] = useState("");
  const ready = normalisePassphrase(typed) !== "" && !off;
  const enter = () => ready && onEnter(normalisePassphrase(typed));
  return (
    <form
      class="stack"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        enter();
      }}
    >
      <div class="ask">
        <h1>{t("code.words")}</h1>
      </div>
      <PassphraseField label={t("code.words")} value={typed} onInput={setTyped} />
      <Button kind="now" off={!ready} onPress={enter}>
        {t("code.open")}
      </Button>
    </form>
  );
}

import { useState } from "preact/hooks";
import { normalisePassphrase } from "../../state/passphrase.ts";
import { t } from "../text.ts";
import { Button } from "./button.tsx";
import { PassphraseField } from "./passphrase-field.tsx";

interface PassphraseEntryProps {
  readonly off: boolean;
  readonly heading: "h1" | "h2";
  /** On its button. */
  readonly enter: string;
  readonly onEnter: (passphrase: string) => void;
}

/** Typing the pocket's passphrase. */
export function PassphraseEntry({ off, heading: Heading, enter: word, onEnter }: PassphraseEntryProps) {
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
        <Heading>{t("code.words")}</Heading>
      </div>
      <PassphraseField unseenLabel label={t("code.words")} value={typed} onInput={setTyped} />
      <Button kind="now" off={!ready} onPress={enter}>
        {word}
      </Button>
    </form>
  );
}

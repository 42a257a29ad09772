import { useId, useState } from "preact/hooks";
import { t } from "../text.ts";
import { Icon } from "./icon.tsx";

/**
 * A field for a passphrase: dots until one asks to see the words. Not `type=password`, because browsers offer to keep
 * those, whatever `autocomplete` says; the dots come from the style sheet.
 */
export function PassphraseField(props: {
  label: string;
  /** Where a heading over it says the same. */
  unseenLabel?: boolean;
  value: string;
  onInput: (typed: string) => void;
}) {
  const id = useId();
  const [seen, setSeen] = useState(false);
  return (
    <div>
      <label class={props.unseenLabel ? "vh" : "label"} for={id}>
        {props.label}
      </label>
      <input
        id={id}
        class={seen ? "field" : "field dotted"}
        type="text"
        autocomplete="off"
        autocapitalize="off"
        autocorrect="off"
        spellcheck={false}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <button type="button" class="btn quiet" aria-pressed={seen} onClick={() => setSeen(!seen)}>
        <Icon name={seen ? "eyeOff" : "eye"} />
        <span>{t("code.show")}</span>
      </button>
    </div>
  );
}

import { language } from "../../state/language.ts";
import { voice } from "../../state/voice.ts";
import { t } from "../text.ts";
import { Icon } from "./icon.tsx";

/** Reads its text aloud in the person's language. Where the device has no voice of its own for it, there is no button. */
export function SpeakButton({ text, lang = language.value }: { text: string; lang?: string }) {
  if (!text || !voice.languages.value.has(lang)) return null;
  return (
    <button
      type="button"
      class="speak"
      aria-label={`${t("first.speak")}: ${text}`}
      onClick={() => void voice.say(text, lang)}
    >
      <Icon name="speak" />
    </button>
  );
}

import { signal } from "@preact/signals";
import { language } from "../../state/language.ts";
import { t } from "../text.ts";
import { Icon } from "./icon.tsx";

/** Only voices that live on the device: a voice from the net would be sent what it is to say. */
const voices = signal<readonly SpeechSynthesisVoice[]>([]);

function readVoices(): void {
  voices.value = speechSynthesis.getVoices().filter((voice) => voice.localService);
}
if ("speechSynthesis" in globalThis) {
  readVoices();
  speechSynthesis.addEventListener("voiceschanged", readVoices);
}

/** Reads its text aloud in the person's language. Where the device has no voice of its own for it, there is no button. */
export function SpeakButton({ text, lang = language.value }: { text: string; lang?: string }) {
  const voice = voices.value.find((candidate) => candidate.lang.toLowerCase().startsWith(lang));
  if (!voice || !text) return null;
  const speak = () => {
    speechSynthesis.cancel();
    const saying = new SpeechSynthesisUtterance(text);
    saying.voice = voice;
    saying.lang = voice.lang;
    saying.rate = 0.9;
    speechSynthesis.speak(saying);
  };
  return (
    <button type="button" class="speak" aria-label={`${t("first.speak")}: ${text}`} onClick={speak}>
      <Icon name="speak" />
    </button>
  );
}

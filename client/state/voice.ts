/**
 * Reading aloud, as a port. Only voices that live on the device: a voice from the net would be sent what it is to say.
 * Where there is none for a language nothing is offered.
 */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface Voice {
  /** Two-letter languages that a voice of this device speaks; grows when the browser has found its voices. */
  readonly languages: ReadonlySignal<ReadonlySet<string>>;
  /** True when it was said to its end; false when something else was said instead, it was stopped, or it failed. */
  say(text: string, language: string): Promise<boolean>;
  stop(): void;
}

/** What we use of the platform. */
export interface Speaker {
  getVoices(): readonly Pick<SpeechSynthesisVoice, "lang" | "localService">[];
  addEventListener(kind: "voiceschanged", listener: () => void): void;
  speak(utterance: SpeechSynthesisUtterance): void;
  cancel(): void;
}

const languageOf = ({ lang }: Pick<SpeechSynthesisVoice, "lang">): string => lang.slice(0, 2).toLowerCase();
/** A little slower than the voices' own pace: who listens is learning to read. */
const RATE = 0.9;

export function createVoice(
  speaker: Speaker | undefined,
  createUtterance: (text: string) => SpeechSynthesisUtterance,
): Voice {
  const languages = signal<ReadonlySet<string>>(new Set());
  const local = () => speaker?.getVoices().filter(({ localService }) => localService) ?? [];
  const read = (): void => {
    languages.value = new Set(local().map(languageOf));
  };
  read();
  speaker?.addEventListener("voiceschanged", read);
  let last = 0;
  return {
    languages,
    say: (text, language) => {
      const mine = ++last;
      const voice = local().find((candidate) => languageOf(candidate) === language);
      speaker?.cancel();
      if (speaker === undefined || voice === undefined || text.trim() === "") return Promise.resolve(false);
      const utterance = createUtterance(text);
      utterance.voice = voice as SpeechSynthesisVoice;
      utterance.lang = voice.lang;
      utterance.rate = RATE;
      return new Promise((resolve) => {
        utterance.onend = () => resolve(mine === last);
        utterance.onerror = () => resolve(false);
        speaker.speak(utterance);
      });
    },
    stop: () => {
      last++;
      speaker?.cancel();
    },
  };
}

/** The voice of this device. */
export const voice: Voice = createVoice(
  "speechSynthesis" in globalThis ? speechSynthesis : undefined,
  (text) => new SpeechSynthesisUtterance(text),
);

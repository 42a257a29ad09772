/**
 * Dictation, as a port: only where the browser promises that speech is turned into words on this device (Web Speech API,
 * `processLocally`), and the words of the language are already here. Everything else would send a child's voice away; it
 * isn't offered there, and nothing is ever fetched for it.
 */

export interface Dictation {
  /** Whether it can be offered in this language; asks the browser and nobody else. */
  isPossible(language: string): Promise<boolean>;
  /** Listens until `stop`. @throws when the browser would not keep it on the device */
  listen(language: string, heard: Heard): { stop(): void };
}

export interface Heard {
  /** What is being said; changes until it is `words`. */
  soFar(text: string): void;
  words(text: string): void;
  /** It is over: stopped, silent for long, or failed. */
  ended(): void;
}

interface SpeechResult {
  readonly isFinal: boolean;
  readonly [place: number]: { readonly transcript: string };
}
interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  onresult: ((event: { readonly resultIndex: number; readonly results: ArrayLike<SpeechResult> }) => void) | null;
  onend: (() => void) | null;
  onerror: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}
/** What we use of the platform; `available` and `processLocally` are what older browsers lack. */
export interface Recogniser {
  new (): Recognition;
  readonly prototype: object;
  available?(options: { readonly langs: readonly string[]; readonly processLocally: true }): Promise<string>;
}

const tags: Readonly<Record<string, string>> = { da: "da-DK", sv: "sv-SE", en: "en-GB" };

export function createDictation(recogniser: Recogniser | undefined): Dictation {
  const staysHere = (): boolean => recogniser !== undefined && "processLocally" in recogniser.prototype;
  return {
    isPossible: async (language) => {
      if (recogniser?.available === undefined || !staysHere()) return false;
      const langs = [tags[language] ?? language];
      const told = await recogniser.available({ langs, processLocally: true }).catch(() => "unavailable");
      return told === "available";
    },
    listen: (language, heard) => {
      if (recogniser === undefined || !staysHere()) throw new Error("this browser would send the voice away");
      const listening = new recogniser();
      listening.processLocally = true;
      // Read back: a browser that doesn't know the word would just keep it.
      if (listening.processLocally !== true) throw new Error("this browser would send the voice away");
      listening.lang = tags[language] ?? language;
      listening.continuous = true;
      listening.interimResults = true;
      listening.onresult = ({ resultIndex, results }) => {
        let waiting = "";
        for (let at = resultIndex; at < results.length; at++) {
          const result = results[at];
          const text = result?.[0]?.transcript ?? "";
          if (result?.isFinal) heard.words(text.trim());
          else waiting += text;
        }
        heard.soFar(waiting.trim());
      };
      let over = false;
      const end = (): void => {
        if (over) return;
        over = true;
        heard.ended();
      };
      listening.onend = end;
      listening.onerror = end;
      listening.start();
      return { stop: () => listening.stop() };
    },
  };
}

const scope = globalThis as { SpeechRecognition?: Recogniser; webkitSpeechRecognition?: Recogniser };

export const dictation: Dictation = createDictation(scope.SpeechRecognition ?? scope.webkitSpeechRecognition);

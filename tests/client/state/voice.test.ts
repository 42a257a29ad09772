import { describe, expect, it } from "vitest";
import { createVoice, type Speaker } from "../../../client/state/voice.ts";

interface Said {
  text: string;
  voice: { lang: string } | null;
  lang: string;
  onend: (() => void) | null;
  onerror: (() => void) | null;
}

function makeSpeaker(voices: readonly { lang: string; localService: boolean }[]) {
  const said: Said[] = [];
  let changed = (): void => undefined;
  const list = [...voices];
  const speaker: Speaker = {
    getVoices: () => list,
    addEventListener: (_kind, listener) => {
      changed = listener;
    },
    speak: (utterance) => said.push(utterance as unknown as Said),
    cancel: () => undefined,
  };
  const voice = createVoice(
    speaker,
    (text) => ({ text, voice: null, lang: "" }) as unknown as SpeechSynthesisUtterance,
  );
  const bring = (more: { lang: string; localService: boolean }): void => {
    list.push(more);
    changed();
  };
  return { voice, said, bring };
}

const DANISH = { lang: "da-DK", localService: true };
const FROM_THE_NET = { lang: "sv-SE", localService: false };

describe("the voice", () => {
  it("is only one that lives on the device, and is there when the browser has found it", async () => {
    const { voice, said, bring } = makeSpeaker([FROM_THE_NET]);
    expect([...voice.languages.value]).toEqual([]);
    expect(await voice.say("Hej", "sv")).toBe(false);
    expect(said).toEqual([]);
    bring(DANISH);
    expect([...voice.languages.value]).toEqual(["da"]);
    const saying = voice.say("Mine ting", "da");
    expect(said[0]).toMatchObject({ text: "Mine ting", lang: "da-DK", voice: DANISH });
    said[0]?.onend?.();
    expect(await saying).toBe(true);
  });

  it("says one thing at a time, and tells whoever was interrupted", async () => {
    const { voice, said } = makeSpeaker([DANISH]);
    const first = voice.say("et", "da");
    const second = voice.say("to", "da");
    said[0]?.onend?.();
    expect(await first).toBe(false);
    voice.stop();
    said[1]?.onerror?.();
    expect(await second).toBe(false);
  });

  it("is not there without the platform's, and says nothing for nothing", async () => {
    const none = createVoice(undefined, () => {
      throw new Error("not to be made");
    });
    expect(none.languages.value.size).toBe(0);
    expect(await none.say("Hej", "da")).toBe(false);
    expect(await makeSpeaker([DANISH]).voice.say("  ", "da")).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { createDictation, type Recogniser } from "../../../client/state/dictation.ts";

type Asked = { readonly langs: readonly string[]; readonly processLocally: true };

/** A recogniser that keeps what it was told; `here`: what it says about this device. */
function makeRecogniser(here: string, options: { readonly knowsTheWord?: boolean; readonly forgets?: boolean } = {}) {
  const asked: Asked[] = [];
  const made: {
    processLocally: boolean;
    lang: string;
    started: boolean;
    fire(results: unknown[]): void;
    end(): void;
  }[] = [];
  class Plain {
    lang = "";
    continuous = false;
    interimResults = false;
    onresult: ((event: unknown) => void) | null = null;
    onend: (() => void) | null = null;
    onerror: (() => void) | null = null;
    started = false;
    constructor() {
      made.push(this as unknown as (typeof made)[number]);
    }
    start(): void {
      this.started = true;
    }
    stop(): void {
      this.onend?.();
    }
    abort(): void {}
    end(): void {
      this.onend?.();
      this.onerror?.();
    }
    fire(results: unknown[]): void {
      this.onresult?.({ resultIndex: 0, results });
    }
  }
  if (options.knowsTheWord !== false) {
    let kept = false;
    Object.defineProperty(Plain.prototype, "processLocally", {
      get: () => kept,
      set: (value: boolean) => {
        kept = options.forgets ? false : value;
      },
    });
  }
  const available = async (about: Asked): Promise<string> => {
    asked.push(about);
    return here;
  };
  const recogniser = Object.assign(Plain, { available }) as unknown as Recogniser;
  return { recogniser, asked, made };
}

const silent = { soFar: () => undefined, words: () => undefined, ended: () => undefined };

describe("dictation", () => {
  it("is possible only where the browser has the language on this device, right now", async () => {
    for (const [here, is] of [
      ["available", true],
      ["downloadable", false],
      ["downloading", false],
      ["unavailable", false],
    ] as const) {
      const { recogniser, asked } = makeRecogniser(here);
      expect(await createDictation(recogniser).isPossible("da"), here).toBe(is);
      expect(asked).toEqual([{ langs: ["da-DK"], processLocally: true }]);
    }
  });

  it("is not there where the browser is older, and never listens then", async () => {
    expect(await createDictation(undefined).isPossible("da")).toBe(false);
    const older = makeRecogniser("available", { knowsTheWord: false });
    expect(await createDictation(older.recogniser).isPossible("da")).toBe(false);
    expect(() => createDictation(older.recogniser).listen("da", silent)).toThrow();
    const { available: _, ...without } = makeRecogniser("available").recogniser;
    expect(await createDictation(without as unknown as Recogniser).isPossible("da")).toBe(false);
    expect(older.made).toEqual([]);
  });

  it("starts nothing that would not keep it here", () => {
    const { recogniser, made } = makeRecogniser("available", { forgets: true });
    expect(() => createDictation(recogniser).listen("da", silent)).toThrow();
    expect(made.every(({ started }) => !started)).toBe(true);
  });

  it("gives what is being said, then the words, and ends once", () => {
    const { recogniser, made } = makeRecogniser("available");
    const heard: string[] = [];
    createDictation(recogniser).listen("sv", {
      soFar: (text) => heard.push(`… ${text}`),
      words: (text) => heard.push(text),
      ended: () => heard.push("ended"),
    });
    const [listening] = made;
    expect(listening).toMatchObject({ lang: "sv-SE", processLocally: true, started: true });
    listening?.fire([Object.assign([{ transcript: "vi gick" }], { isFinal: false })]);
    listening?.fire([Object.assign([{ transcript: "vi gick ut " }], { isFinal: true })]);
    listening?.end();
    expect(heard).toEqual(["… vi gick", "vi gick ut", "… ", "ended"]);
  });
});

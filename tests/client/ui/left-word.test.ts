import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { finishAll } from "../../../client/state/before-sealing.ts";
import { createLeftWord, takeLeftWords } from "../../../client/ui/parts/left-word.ts";

const aField = () => {
  const field = { value: "" };
  const taken: string[] = [];
  return { field, taken, word: createLeftWord(field, (typed) => taken.push(typed)) };
};

describe("a word that was typed and not added", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is taken a moment after one has gone on elsewhere, once, and not when one comes back to it", () => {
    const { field, taken, word } = aField();
    field.value = " Farmor ";
    word.left();
    // What is pressed there is pressed first.
    expect(taken).toEqual([]);
    word.back();
    vi.advanceTimersByTime(1_000);
    expect(taken).toEqual([]);
    word.left();
    vi.advanceTimersByTime(1_000);
    expect(taken).toEqual(["Farmor"]);
    expect(field.value).toBe("");
    word.end();
    expect(taken).toEqual(["Farmor"]);
  });

  it("is taken when its field goes, before a sealing, and when the screen is left", async () => {
    const { field, taken, word } = aField();
    field.value = "sø";
    takeLeftWords();
    field.value = "bål";
    await finishAll();
    field.value = "regn";
    word.end();
    expect(taken).toEqual(["sø", "bål", "regn"]);
    field.value = "gone";
    takeLeftWords();
    expect(finishAll()).toBeNull();
    expect(taken).toHaveLength(3);
  });

  it("is nothing where nothing stands", () => {
    const { field, taken, word } = aField();
    field.value = "  ";
    word.take();
    word.end();
    expect(taken).toEqual([]);
  });
});

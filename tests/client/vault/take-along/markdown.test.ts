/** The Markdown of Day One as rich text. */
import { describe, expect, test } from "vitest";
import { markdownToRichText } from "../../../../client/vault/take-along/markdown.ts";

describe("its Markdown", () => {
  test.each([
    ["a *b* **c** __d__ _e_", [["a "], ["b", "i"], [" "], ["c", "b"], [" "], ["d", "b"], [" "], ["e", "i"]]],
    ["snake_case_word and 2*3", [["snake_case_word and 2*3"]]],
    ["\\*not bold\\* \\#", [["*not bold* #"]]],
    ["**never closed", [["**never closed"]]],
  ] as [string, [string, string?][]][])("%s", (markdown, runs) => {
    const [block] = markdownToRichText(markdown);
    expect(block?.runs.map(({ text, bold, italic }) => (bold ? [text, "b"] : italic ? [text, "i"] : [text]))).toEqual(
      runs,
    );
  });

  test("blocks, and no word is lost", () => {
    const blocks = markdownToRichText("## En\nto\ntre\n\n1. fire\n2) fem\n* seks\n- [x] syv\n> otte\n\n| ni | ti |");
    expect(blocks.map(({ type, runs }) => [type, runs.map(({ text }) => text).join("")])).toEqual([
      ["heading", "En"],
      ["paragraph", "to\ntre"],
      ["number", "fire"],
      ["number", "fem"],
      ["bullet", "seks"],
      ["bullet", "syv"],
      ["quote", "otte"],
      ["paragraph", "| ni | ti |"],
    ]);
    expect(markdownToRichText("")).toEqual([]);
  });
});

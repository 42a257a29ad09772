/** Contrast of the tokens, measured from the style sheet itself: text ≥ 4.5, parts ≥ 3, in both grounds (WCAG 2.2). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("client/ui/styles/tokens.css", "utf8");

function tokensOf(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`));
  const body = block.slice(block.indexOf("{") + 1, block.indexOf("}"));
  return new Map([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name = "", hex = ""]) => [name, hex]));
}

const linen = tokensOf(":root");
const blanket = new Map([...linen, ...tokensOf(':root[data-ground="blanket"]')]);
const byDevice = new Map([...linen, ...tokensOf(':root:not([data-ground="linen"])')]);

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(tokens: Map<string, string>, one: string, other: string): number {
  const [a, b] = [tokens.get(one), tokens.get(other)];
  if (!a || !b) throw new Error(`no token --${one} or --${other}`);
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const text = [
  ["text", "ground"],
  ["text", "paper"],
  ["text", "cloth"],
  ["text-2", "ground"],
  ["text-2", "paper"],
  ["text-2", "cloth"],
  ["act", "ground"],
  ["act", "paper"],
  ["ground", "act"],
  ["on-denim", "denim"],
  ["on-brick", "brick"],
  ["on-moss", "moss"],
  ["on-plum", "plum"],
  ["on-sky", "sky"],
  ["on-rain", "rain"],
  ["on-sand", "sand"],
  ["on-night", "night"],
  ["on-night-2", "night"],
  ["ink", "linen"],
] as const;
const shapes = [
  ["edge", "ground"],
  ["edge", "paper"],
  ["alarm", "ground"],
  ["alarm", "paper"],
  ["denim", "ground"],
  ["brick", "ground"],
  ["moss", "ground"],
  ["plum", "ground"],
] as const;

describe.each([
  ["linen", linen],
  ["blanket", blanket],
])("%s", (ground, tokens) => {
  it.each(text)("--%s on --%s carries text", (one, other) => {
    expect(contrast(tokens, one, other)).toBeGreaterThanOrEqual(4.5);
  });

  // In the dark a pocket's cloth is told from the ground by its stitch and shape as well; there the stitch must show.
  it.each(ground === "linen" ? shapes : shapes.slice(0, 4))("--%s shows on --%s", (one, other) => {
    expect(contrast(tokens, one, other)).toBeGreaterThanOrEqual(3);
  });
});

it("the two ways into the dark have the same colours", () => {
  expect(byDevice).toEqual(blanket);
});

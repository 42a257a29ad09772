/**
 * Nothing that a person reads is written in the code: words stand in the message files, and dates, numbers, plurals and
 * lists come from Intl in the person's language. Read from the parsed sources of screens and their state.
 */
import { globSync, readFileSync } from "node:fs";
import { parseSync } from "@swc/core";
import { describe, expect, it } from "vitest";
import { textsOf } from "./texts.ts";

interface Found {
  readonly what: string;
  readonly text: string;
}
type Node = Readonly<Record<string, unknown>> & { readonly type?: string };

/** Attributes that are read or spoken. */
const SPOKEN = new Set(["aria-label", "aria-description", "aria-valuetext", "alt", "placeholder", "title", "label"]);
/** Left to the browser's own language, or put together by hand. */
const BY_HAND = new Set(["toLocaleString", "toLocaleDateString", "toLocaleTimeString", "toFixed", "toDateString"]);
const LETTERS = /\p{L}/u;

const keys = textsOf("en");

function findIn(source: string, path: string): readonly Found[] {
  const found: Found[] = [];
  const add = (what: string, text: string): void => {
    found.push({ what, text: `${path}: ${text.trim()}` });
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one);
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    look(node as Node, add);
    for (const [key, one] of Object.entries(node)) if (key !== "span") visit(one);
  };
  visit(parseSync(source, { syntax: "typescript", tsx: !path.endsWith(".ts") }));
  return found;
}

function look(node: Node, add: (what: string, text: string) => void): void {
  if (node.type === "JSXText" && LETTERS.test(String(node.value))) add("a word on the screen", String(node.value));
  if (node.type === "JSXAttribute") {
    const name = String((node.name as Node).value);
    const value = node.value as Node | null;
    const text = value?.type === "StringLiteral" ? String(value.value) : "";
    // A part that is handed the key of a message says it in the person's language.
    if (SPOKEN.has(name) && LETTERS.test(text) && !(text in keys)) add(`a spoken ${name}`, text);
  }
  if (node.type === "CallExpression") {
    const callee = node.callee as Node;
    const method = String(((callee.property ?? {}) as Node).value ?? "");
    const [first] = (node.arguments ?? []) as { readonly expression: Node }[];
    if (BY_HAND.has(method)) add("a date or number by hand", `.${method}()`);
    if (method === "join" && /^(, | og | och | and )$/.test(String(first?.expression.value ?? ""))) {
      add("a list by hand", `.join("${String(first?.expression.value)}")`);
    }
  }
  if (node.type === "TemplateLiteral") {
    for (const one of (node.expressions ?? []) as Node[]) {
      const method = String((((one.callee ?? {}) as Node).property as Node | undefined)?.value ?? "");
      if (/^get(UTC)?(FullYear|Month|Date|Day|Hours|Minutes)$/.test(method)) add("a date by hand", `\${….${method}()}`);
    }
  }
}

describe("what a person reads", () => {
  it("is in the message files, and dates, numbers and lists come from Intl", () => {
    const paths = globSync("client/{ui,state,i18n}/**/*.{ts,tsx}").toSorted();
    expect(paths.length).toBeGreaterThan(150);
    expect(paths.flatMap((path) => findIn(readFileSync(path, "utf8"), path))).toEqual([]);
  });

  it("would be found if it stood in the code", () => {
    const planted = `const a = <p aria-label="Luk">Hej {names.join(", ")} {at.toLocaleDateString()} {\`\${at.getFullYear()}\`}</p>;`;
    expect(findIn(planted, "planted").map(({ what }) => what)).toEqual([
      "a spoken aria-label",
      "a word on the screen",
      "a list by hand",
      "a date or number by hand",
      "a date by hand",
    ]);
  });
});

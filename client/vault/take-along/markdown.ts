/**
 * The Markdown that Day One writes, as rich text: headings, lists, quotes, bold, italic. What we have no sign for (tables,
 * code, links) stays as the words that were written. Not a Markdown parser: nothing is nested, and no text is lost.
 */
import type { RichBlock, RichRun, RichText } from "../../documents/kinds.ts";

/** Day One puts a backslash before every sign that could mean something. */
const ESCAPED = /\\([\\`*_{}[\]()#+\-.!~>|])/g;
/** Stands for an escaped sign while bold and italic are looked for. */
const HIDE = 0xe000;

export function markdownToRichText(markdown: string): RichText {
  const blocks: RichBlock[] = [];
  let paragraph: string[] = [];
  const close = (): void => {
    if (paragraph.length > 0) blocks.push({ type: "paragraph", runs: readRuns(paragraph.join("\n")) });
    paragraph = [];
  };
  const hidden = markdown.replaceAll(ESCAPED, (_, sign: string) => String.fromCharCode(HIDE + sign.charCodeAt(0)));
  for (const line of hidden.split(/\r?\n/)) {
    const found = STARTS.flatMap(([type, start]) => {
      const match = start.exec(line);
      return match === null ? [] : [{ type, words: match[1] ?? "" }];
    })[0];
    if (found !== undefined) {
      close();
      blocks.push({ type: found.type, runs: readRuns(found.words) });
    } else if (line.trim() === "") close();
    else paragraph.push(line);
  }
  close();
  return blocks;
}

const STARTS: readonly (readonly [RichBlock["type"], RegExp])[] = [
  ["heading", /^#{1,6}\s+(.*?)\s*#*$/],
  ["bullet", /^\s*[-*+]\s+(?:\[[ xX]\]\s+)?(.*)$/],
  ["number", /^\s*\d{1,4}[.)]\s+(.*)$/],
  ["quote", /^>\s?(.*)$/],
];

function readRuns(text: string): RichRun[] {
  const runs: RichRun[] = [];
  let bold = false;
  let italic = false;
  for (const part of text.split(/(\*\*|__|\*|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}]))/u)) {
    if (part === "**" || part === "__") bold = !bold;
    else if (part === "*" || part === "_") italic = !italic;
    else if (part !== "")
      runs.push({ text: shown(part), ...(bold && { bold: true }), ...(italic && { italic: true }) });
  }
  // A star that nothing closes was a star.
  return bold || italic ? [{ text: shown(text) }] : runs;
}

const shown = (text: string): string =>
  [...text]
    .map((letter) => {
      const code = letter.charCodeAt(0) - HIDE;
      return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : letter;
    })
    .join("");

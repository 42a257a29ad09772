/**
 * The text of a document as plain paragraphs with marks, and back: the editor's XmlFragment (Tiptap's node names) on
 * one side, RichText on the other. What the schema doesn't know comes out as plain paragraphs; nothing of it is lost
 * but its looks. Nesting deeper than MAX_DEPTH is cut, as a hostile joint page could nest until the stack ends.
 */
import * as Y from "yjs";
import type { RichBlock, RichRun, RichText } from "./kinds.ts";

type BlockType = RichBlock["type"];
type Marks = Readonly<Record<string, unknown>>;

/** The editor itself makes four levels at the most (list, item, quote, paragraph). */
const MAX_DEPTH = 16;

/** Container node → the block type of the paragraphs in it. */
const CONTAINERS: Readonly<Record<string, BlockType>> = {
  blockquote: "quote",
  bulletList: "bullet",
  orderedList: "number",
};

/** Blocks in reading order. Empty blocks at the end are left out, as an editor always keeps one there. */
export function readRichText(fragment: Y.XmlFragment): RichText {
  const blocks: RichBlock[] = [];
  collectBlocks(fragment, "paragraph", 0, blocks);
  while (blocks.length > 0 && blocks[blocks.length - 1]?.runs.length === 0) blocks.pop();
  return blocks;
}

function collectBlocks(parent: Y.XmlFragment, context: BlockType, depth: number, blocks: RichBlock[]): void {
  if (depth > MAX_DEPTH) return;
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) {
      blocks.push({ type: context, runs: readRuns(child) });
    } else if (child instanceof Y.XmlElement) {
      const container = CONTAINERS[child.nodeName];
      if (container !== undefined || child.nodeName === "listItem" || !isTextBlock(child)) {
        collectBlocks(child, container ?? context, depth + 1, blocks);
      } else {
        blocks.push({ type: child.nodeName === "heading" ? "heading" : context, runs: readInline(child) });
      }
    }
  }
}

/** A block that holds text or breaks (or nothing) rather than other blocks. */
function isTextBlock(element: Y.XmlElement): boolean {
  const first = element.length > 0 ? element.get(0) : null;
  return (
    first === null || first instanceof Y.XmlText || (first instanceof Y.XmlElement && first.nodeName === "hardBreak")
  );
}

function readInline(element: Y.XmlElement): RichRun[] {
  const runs: RichRun[] = [];
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) runs.push(...readRuns(child));
    else if (child instanceof Y.XmlElement && child.nodeName === "hardBreak") runs.push({ text: "\n" });
  }
  return joinPlainRuns(runs);
}

function readRuns(text: Y.XmlText): RichRun[] {
  const runs: RichRun[] = [];
  for (const { insert, attributes } of text.toDelta() as { insert: unknown; attributes?: Marks }[]) {
    if (typeof insert !== "string" || insert === "") continue;
    runs.push({
      text: insert,
      ...(hasMark(attributes, "bold") && { bold: true as const }),
      ...(hasMark(attributes, "italic") && { italic: true as const }),
    });
  }
  return runs;
}

/** y-tiptap stores a mark under its name, or under `name--hash` when several of one kind may overlap. */
function hasMark(marks: Marks | undefined, name: string): boolean {
  return Object.entries(marks ?? {}).some(
    ([key, value]) => value !== null && value !== false && (key === name || key.startsWith(`${name}--`)),
  );
}

function joinPlainRuns(runs: readonly RichRun[]): RichRun[] {
  const joined: RichRun[] = [];
  for (const run of runs) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last.bold === run.bold && last.italic === run.italic) {
      joined[joined.length - 1] = { ...last, text: last.text + run.text };
    } else {
      joined.push(run);
    }
  }
  return joined;
}

/** Appends blocks to a fragment that belongs to a Y.Doc, with the node names the editor expects. */
export function appendRichText(fragment: Y.XmlFragment, text: RichText): void {
  let listType: BlockType | null = null;
  let list = new Y.XmlElement("bulletList");
  for (const block of text) {
    const isItem = block.type === "bullet" || block.type === "number";
    if (!isItem) {
      listType = null;
      fragment.push([block.type === "quote" ? holding("blockquote", [blockNode(block)]) : blockNode(block)]);
      continue;
    }
    if (listType !== block.type) {
      listType = block.type;
      list = new Y.XmlElement(block.type === "bullet" ? "bulletList" : "orderedList");
      fragment.push([list]);
    }
    list.push([holding("listItem", [blockNode(block)])]);
  }
}

function blockNode({ type, runs }: RichBlock): Y.XmlElement {
  const children = runs.flatMap((run) =>
    run.text
      .split("\n")
      .flatMap((line, index) => [
        ...(index > 0 ? [new Y.XmlElement("hardBreak")] : []),
        ...(line === "" ? [] : [textNode(line, run)]),
      ]),
  );
  const node = holding(type === "heading" ? "heading" : "paragraph", children);
  // The editor's schema has numbers as levels; Yjs keeps whatever it is given.
  if (type === "heading") node.setAttribute("level", 2 as unknown as string);
  return node;
}

function textNode(line: string, { bold, italic }: RichRun): Y.XmlText {
  const text = new Y.XmlText();
  text.insert(0, line, { ...(bold && { bold: {} }), ...(italic && { italic: {} }) });
  return text;
}

/** An element with children, before either belongs to a document (`push` would ask for its length). */
function holding(name: string, children: (Y.XmlElement | Y.XmlText)[]): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, children);
  return element;
}

/** The words alone, blocks parted by a line break; at most `limit` characters are read, and no empty end. */
export function readPlainText(fragment: Y.XmlFragment, limit = Number.POSITIVE_INFINITY): string {
  let text = "";
  const visit = (parent: Y.XmlFragment, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const child of parent.toArray()) {
      if (text.length >= limit) return;
      if (child instanceof Y.XmlText) {
        for (const { insert } of child.toDelta() as { insert: unknown }[])
          if (typeof insert === "string") text += insert;
      } else if (child instanceof Y.XmlElement) {
        if (child.nodeName === "hardBreak") text += "\n";
        else {
          if (text !== "" && !text.endsWith("\n")) text += "\n";
          visit(child, depth + 1);
        }
      }
    }
  };
  visit(fragment, 0);
  return text.slice(0, limit).trimEnd();
}

/** What was typed into a plain field, one paragraph per line. */
export const plainToRichText = (plain: string): RichText =>
  plain.split(/\r?\n/).map((line) => ({ type: "paragraph", runs: line === "" ? [] : [{ text: line }] }));

/**
 * A Y.Doc as plain JSON and back, whatever stands in it: also what this version of Lomme doesn't know. It holds the
 * content as it is now; deleted words, who wrote when, and Yjs itself don't come along. Spec: docs/protocol/take-along.md §3.
 *
 *   {"$map": {…}} Y.Map · {"$list": […]} Y.Array · {"$text": [{"insert", "attributes"?}]} Y.Text, Y.XmlText
 *   {"$nodes": […]} Y.XmlFragment · {"$node": name, "attributes"?, "children"} Y.XmlElement
 *   {"$bytes": base64} Uint8Array · {"$number": "NaN" …} · {"$undefined": true} · {"$object": [[key, value] …]} a plain
 *   object one of whose keys begins with "$"
 *
 * Everything else is itself. Reading takes nothing for granted: what has another shape, or lies deeper than MAX_DEPTH, is
 * refused as a whole.
 */
import * as Y from "yjs";
import { createDoc } from "./create-doc.ts";
import { MAX_DEPTH } from "./probe.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
/** By root name: "about", "text", "moods" … */
export type WholeDocument = JsonObject;

/** What was to be a document is none. */
export class NotADocument extends Error {
  override readonly name = "NotADocument";
}

// ── Out of a Y.Doc ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Roots in which something stands, by name. `doc` stays as it is. @throws NotADocument where another document stands in it */
export function wholeOf(doc: Y.Doc): WholeDocument {
  // In a copy: asking for a root by type would settle its type in the original.
  const copy = createDoc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  const roots: [string, Json][] = [];
  for (const name of [...copy.share.keys()].toSorted((a, b) => (a < b ? -1 : 1))) {
    const root = typedRoot(copy, name);
    if (root !== null) roots.push([name, fromType(root)]);
  }
  copy.destroy();
  return Object.fromEntries(roots);
}

type Root = Y.Map<unknown> | Y.Array<unknown> | Y.Text | Y.XmlFragment;

/** A root comes without its type; what stands in it says what it is. Null where nothing stands. */
function typedRoot(doc: Y.Doc, name: string): Root | null {
  const untyped = doc.share.get(name);
  if (untyped === undefined) return null;
  for (const item of untyped._map.values()) if (!item.deleted) return doc.getMap(name);
  for (let item = untyped._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { content } = item;
    if (content instanceof Y.ContentString || content instanceof Y.ContentEmbed) return doc.getText(name);
    if (content instanceof Y.ContentType) {
      const isNode = content.type instanceof Y.XmlElement || content.type instanceof Y.XmlText;
      return isNode ? doc.getXmlFragment(name) : doc.getArray(name);
    }
    if (!(content instanceof Y.ContentFormat)) return doc.getArray(name);
  }
  return null;
}

function fromType(type: unknown): Json {
  if (type instanceof Y.XmlElement) {
    const attributes = Object.entries(type.getAttributes()).map(([key, value]) => [key, fromValue(value)] as const);
    return {
      $node: type.nodeName,
      ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
      children: type.toArray().map(fromType),
    };
  }
  if (type instanceof Y.XmlFragment) return { $nodes: type.toArray().map(fromType) };
  if (type instanceof Y.Text) {
    const delta = type.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[];
    return {
      $text: delta.map(({ insert, attributes }) => ({
        insert: fromValue(insert),
        ...(attributes !== undefined && { attributes: fromValue(attributes) }),
      })),
    };
  }
  if (type instanceof Y.Array) return { $list: type.toArray().map(fromValue) };
  if (type instanceof Y.Map) {
    const entries = [...type.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return { $map: Object.fromEntries(entries.map(([key, value]) => [key, fromValue(value)])) };
  }
  return null;
}

function fromValue(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (value === undefined) return { $undefined: true };
  if (Object.is(value, -0)) return { $number: "-0" };
  if (typeof value === "number") return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value === "bigint") return { $number: String(value) };
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) };
  if (Array.isArray(value)) return value.map(fromValue);
  if (value instanceof Y.AbstractType) return fromType(value);
  // A document within a document: no Lomme writes one, and it leads round in a circle.
  if (value instanceof Y.Doc) throw new NotADocument("a document");
  const entries = Object.entries(value as object).map(([key, one]) => [key, fromValue(one)] as [string, Json]);
  return entries.some(([key]) => key.startsWith("$")) ? { $object: entries } : Object.fromEntries(entries);
}

// ── Into a Y.Doc ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Fills an empty document. @throws NotADocument; the document is thrown away then */
export function fillDocument(doc: Y.Doc, whole: Json): void {
  if (!isObject(whole)) throw new NotADocument("roots");
  doc.transact(() => {
    for (const [name, root] of Object.entries(whole)) fillRoot(doc, name, root);
  });
}

function fillRoot(doc: Y.Doc, name: string, root: Json): void {
  if (!isObject(root)) throw new NotADocument(name);
  const { $map, $list, $text, $nodes } = root;
  if (isObject($map)) {
    const map = doc.getMap(name);
    for (const [key, value] of Object.entries($map)) map.set(key, toValue(value, 1));
  } else if (isArray($list)) {
    if ($list.length > 0) doc.getArray(name).push($list.map((one) => toValue(one, 1)));
  } else if (isArray($text)) {
    doc.getText(name).applyDelta(toDelta($text, 1), { sanitize: false });
  } else if (isArray($nodes)) {
    if ($nodes.length > 0) doc.getXmlFragment(name).push($nodes.map((one) => toNode(one, 1)));
  } else throw new NotADocument(name);
}

function toValue(value: Json, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new NotADocument("depth");
  if (isArray(value)) return value.map((one) => toValue(one, depth + 1));
  if (!isObject(value)) return value;
  const [first] = Object.keys(value);
  if (first === undefined || !first.startsWith("$")) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toValue(one, depth + 1)]));
  }
  const { $map, $list, $text, $nodes, $node, $bytes, $number, $undefined, $object } = value;
  if (isObject($map)) {
    return new Y.Map(Object.entries($map).map(([key, one]) => [key, toValue(one, depth + 1)] as [string, unknown]));
  }
  if (isArray($list)) {
    const list = new Y.Array<unknown>();
    if ($list.length > 0) list.push($list.map((one) => toValue(one, depth + 1)));
    return list;
  }
  if (isArray($text)) {
    const text = new Y.Text();
    text.applyDelta(toDelta($text, depth + 1), { sanitize: false });
    return text;
  }
  if (isArray($nodes)) {
    const fragment = new Y.XmlFragment();
    if ($nodes.length > 0)
      fragment.insert(
        0,
        $nodes.map((one) => toNode(one, depth + 1)),
      );
    return fragment;
  }
  if (typeof $node === "string") return toNode(value, depth);
  if (typeof $bytes === "string") return bytesOf($bytes);
  if (typeof $number === "string") return Number($number);
  if ($undefined === true) return undefined;
  if (isArray($object)) return Object.fromEntries($object.map((pair) => toPair(pair, depth + 1)));
  throw new NotADocument(first);
}

function toPair(pair: Json, depth: number): [string, unknown] {
  const [key, value] = isArray(pair) ? pair : [];
  if (typeof key !== "string" || value === undefined) throw new NotADocument("$object");
  return [key, toValue(value, depth)];
}

function toNode(value: Json, depth: number): Y.XmlElement | Y.XmlText {
  if (depth > MAX_DEPTH || !isObject(value)) throw new NotADocument("node");
  const { $node, $text, attributes = {}, children = [] } = value;
  if (isArray($text)) {
    const text = new Y.XmlText();
    text.applyDelta(toDelta($text, depth + 1), { sanitize: false });
    return text;
  }
  if (typeof $node !== "string" || !isObject(attributes) || !isArray(children)) throw new NotADocument("node");
  const element = new Y.XmlElement($node);
  for (const [key, one] of Object.entries(attributes)) {
    // Yjs keeps whatever it is given, and the editor gives numbers.
    element.setAttribute(key, toValue(one, depth + 1) as string);
  }
  if (children.length > 0)
    element.insert(
      0,
      children.map((one) => toNode(one, depth + 1)),
    );
  return element;
}

function toDelta(delta: readonly Json[], depth: number): { insert: unknown; attributes?: Record<string, unknown> }[] {
  return delta.map((one) => {
    if (!isObject(one)) throw new NotADocument("$text");
    const { insert = null, attributes } = one;
    const inserted = toValue(insert, depth);
    if (inserted === null || inserted === undefined || inserted === "") throw new NotADocument("$text");
    if (attributes === undefined) return { insert: inserted };
    if (!isObject(attributes)) throw new NotADocument("$text");
    return { insert: inserted, attributes: toValue(attributes, depth) as Record<string, unknown> };
  });
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

// ── Bytes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Fewer than a call may have arguments anywhere. */
const SLICE = 8192;

/** Not lib0's: that takes a worker for Node, and asks for its Buffer. */
function toBase64(bytes: Uint8Array): string {
  let latin1 = "";
  for (let at = 0; at < bytes.length; at += SLICE) latin1 += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(latin1);
}

function bytesOf(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new NotADocument("$bytes");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

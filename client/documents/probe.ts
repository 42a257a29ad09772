/**
 * Whether others' updates may be applied: looked at in a worker that can be ended (client/decode-worker.ts), since an
 * update made to hurt can keep Yjs busy for hours or break what draws the document. Pure; takes as long as Yjs takes.
 */
import * as Y from "yjs";
import { createDoc } from "./create-doc.ts";

/** Deeper than any text with lists and quotes; what draws a document goes down by calling itself. */
export const MAX_DEPTH = 64;
/** Clocks count characters and elements: nobody writes two thousand million of them. */
const MAX_CLOCK = 2 ** 31;

/** True when `suspects` can be read, applied after `base`, and leave a document that can be drawn. Never throws. */
export function mayApply(base: readonly Uint8Array[], suspects: readonly Uint8Array[]): boolean {
  if (!suspects.every(hasSaneClocks)) return false;
  const doc = createDoc();
  try {
    doc.transact(() => {
      for (const update of [...base, ...suspects]) Y.applyUpdate(doc, update);
    });
    return depthOf(doc) <= MAX_DEPTH;
  } catch {
    return false;
  } finally {
    doc.destroy();
  }
}

/** Reads heads only; linear in the bytes. False for what is no update. */
export function hasSaneClocks(update: Uint8Array): boolean {
  try {
    return [...Y.parseUpdateMeta(update).to.values()].every((clock) => clock <= MAX_CLOCK);
  } catch {
    return false;
  }
}

/** Types within types, counted without going down by calling. Stops one beyond what is allowed. */
function depthOf(doc: Y.Doc): number {
  const depths = new Map<Y.AbstractType<unknown>, number>();
  let deepest = 0;
  for (const structs of doc.store.clients.values()) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentType)) continue;
      deepest = Math.max(deepest, depthOfType(struct.content.type, depths));
      if (deepest > MAX_DEPTH) return deepest;
    }
  }
  return deepest;
}

function depthOfType(type: Y.AbstractType<unknown>, depths: Map<Y.AbstractType<unknown>, number>): number {
  const way: Y.AbstractType<unknown>[] = [];
  let above: Y.AbstractType<unknown> | null = type;
  while (above !== null && !depths.has(above) && way.length <= MAX_DEPTH) {
    way.push(above);
    above = above._item === null ? null : (above._item.parent as Y.AbstractType<unknown> | null);
  }
  let depth = above === null ? 0 : (depths.get(above) ?? 0);
  for (const one of way.reverse()) depths.set(one, ++depth);
  return depth;
}

/**
 * Updates as bytes, for callers that don't know Yjs: merging what waits to be sent, and who wrote them. V1 codec only:
 * the V2 decoder can be made to hang by a hostile peer (yjs#687).
 */
import * as Y from "yjs";
import { keepClientId } from "./client-ids.ts";
import { createDoc } from "./create-doc.ts";

/** One update out of several, in order. Meant for few: it is superlinear over a long log. */
export const mergeUpdates = (updates: readonly Uint8Array[]): Uint8Array =>
  updates.length === 1 && updates[0] !== undefined ? updates[0] : Y.mergeUpdates([...updates]);

/** Client ids whose structs an update carries, rising. An update that only deletes carries none. @throws when malformed */
export const clientIdsOf = (update: Uint8Array): readonly number[] =>
  [...Y.parseUpdateMeta(update).to.keys()].toSorted((a, b) => a - b);

/** The first update of a document made by `begin`; `tag` where others write in it (client-ids.ts). */
export function firstUpdate(begin: (doc: Y.Doc) => void, tag: number | null = null): Uint8Array {
  const doc = createDoc();
  if (tag !== null) keepClientId(doc, tag);
  begin(doc);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** What `look` sees in a document that holds just this update. */
export const readUpdate = <T>(update: Uint8Array, look: (doc: Y.Doc) => T): T => readUpdates([update], look);

/** What `look` sees in a document that holds these updates, in order; one that can't be read is passed over. */
export function readUpdates<T>(updates: readonly Uint8Array[], look: (doc: Y.Doc) => T): T {
  const doc = createDoc();
  doc.transact(() => {
    for (const update of updates) {
      try {
        Y.applyUpdate(doc, update);
      } catch {
        // Malformed, or made to be: it stays in the log.
      }
    }
  });
  const seen = look(doc);
  doc.destroy();
  return seen;
}

/**
 * Everything that updates hold as one update, deleted words dropped: a snapshot. Null while something that they build on
 * is missing, since Yjs keeps that aside. @throws when one is malformed
 */
export function compactUpdates(updates: readonly Uint8Array[]): Uint8Array | null {
  const doc = docOf(updates);
  const update = isWaiting(doc) ? null : Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/** Whether `updates` say nothing that the snapshot doesn't: no insertion and no deletion. */
export function holdsAll(snapshot: Uint8Array, updates: readonly Uint8Array[]): boolean {
  const doc = docOf([snapshot]);
  const before = Y.snapshot(doc);
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const holds = !isWaiting(doc) && Y.equalSnapshots(before, Y.snapshot(doc));
  doc.destroy();
  return holds;
}

const isWaiting = ({ store }: Y.Doc): boolean => store.pendingStructs !== null || store.pendingDs !== null;

function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = createDoc();
  doc.transact(() => {
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  return doc;
}

/** Brings what stands in another document's updates into this one. What is there already changes nothing. */
export function addUpdates(doc: Y.Doc, updates: readonly Uint8Array[]): void {
  for (const update of updates) {
    try {
      Y.applyUpdate(doc, update);
    } catch {
      // Malformed, or made to be: it stays in the log.
    }
  }
}

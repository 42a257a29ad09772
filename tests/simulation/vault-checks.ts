/** What must hold of documents in the vault simulation, beside a copy that holds every honest edit. */
import * as Y from "yjs";
import { pictureOf } from "./random-edits.ts";

/** Every edit that a person made, also one whose commit was broken off: that one may be there, or not. */
export class HonestEdits {
  readonly doc: Y.Doc = new Y.Doc();
  /** States, byte for byte, that were seen to hold nothing else since the last edit: most devices have the same. */
  readonly #checked = new Set<string>();

  add(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update);
    this.#checked.clear();
  }

  /** What a device shows of the document. @throws when there is anything in it that no person wrote */
  check(updates: readonly Uint8Array[], name: string): Y.Doc {
    const shown = docOf(updates);
    const state = Y.encodeStateAsUpdate(shown);
    const bytes = Buffer.from(state.buffer, state.byteOffset, state.length).toString("latin1");
    if (this.#checked.has(bytes)) return shown;
    const honest = Y.encodeStateAsUpdate(this.doc);
    const all = pictureOf(this.doc);
    // Both ways: Yjs passes over what stands at a place that it knows, whatever it says.
    const [here, there] = [docOf([honest]), docOf(updates)];
    Y.applyUpdate(here, state);
    Y.applyUpdate(there, honest);
    if (pictureOf(here) !== all || pictureOf(there) !== all) {
      throw new Error(`${name} shows what nobody wrote: ${pictureOf(shown)} beside ${all}`);
    }
    this.#checked.add(bytes);
    return shown;
  }
}

export function docOf(updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** The same typing for everybody: one character at the end per update. */
import * as Y from "yjs";

/** Yjs updates of one client that appends so many characters. */
export function appendCharacters(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const text = doc.getText("text");
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  for (let i = 0; i < count; i++) text.insert(i, "a");
  return updates;
}

/**
 * Joint pages ("we write this together") as a Y.Doc in a circle, live for all its members:
 *
 * | name | type | holds |
 * |---|---|---|
 * | text | XmlFragment | what the editors write |
 * | about | Map | title: string; createdAt: ms |
 */
import type * as Y from "yjs";
import { readTitle, setTitle, textOf } from "./entry.ts";

export { readTitle as readJointTitle, setTitle as setJointTitle, textOf as jointTextOf };

/** Writes the head of a new page. `createdAt` in milliseconds comes from the caller's clock. */
export function beginJointPage(doc: Y.Doc, title: string, createdAt: number): void {
  doc.transact(() => {
    doc.getMap("about").set("title", title);
    doc.getMap("about").set("createdAt", createdAt);
  });
}

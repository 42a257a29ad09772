/**
 * Yjs client ids of a joint page (docs/protocol/documents.md §4). The first of the four bytes is that of the writer's member
 * id, which the owner draws so that no two in a circle share it; the other three are drawn anew by each page that is opened.
 * So whose an id is can be seen from the id itself: nobody can take another's by using it first.
 */
import type * as Y from "yjs";

const OTHER_BITS = 24;

/** `member`: a member id, as hex. 0 to 255. */
export const clientTag = (member: string): number => Number.parseInt(member.slice(0, 2), 16);

export const isClientOf = (id: number, tag: number): boolean => id <= 0xffff_ffff && id >>> OTHER_BITS === tag;

/**
 * From here on the document writes with an id of its member's. Yjs draws another one, which would be anybody's, when it finds
 * its own in what another sent. `changed`: it has another id now.
 */
export function keepClientId(doc: Y.Doc, tag: number, changed: () => void = () => undefined): void {
  const keep = (): void => {
    if (isClientOf(doc.clientID, tag)) return;
    doc.clientID = ((tag << OTHER_BITS) | (doc.clientID & 0xff_ffff)) >>> 0;
    changed();
  };
  keep();
  doc.on("afterTransactionCleanup", keep);
}

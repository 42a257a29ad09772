import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { clientTag, isClientOf, keepClientId } from "../../../client/documents/client-ids.ts";

describe("client ids of a joint page", () => {
  it("begin like their member's id, and nobody else's do", () => {
    const tag = clientTag("c3ff00");
    expect(tag).toBe(0xc3);
    const ids = Array.from({ length: 50 }, () => {
      const doc = new Y.Doc();
      keepClientId(doc, tag);
      return doc.clientID;
    });
    expect(ids.every((id) => isClientOf(id, tag) && !isClientOf(id, 0xc2))).toBe(true);
    expect(new Set(ids).size).toBeGreaterThan(45);
    // An id beyond 32 bits would be cut where bits are shifted.
    expect(isClientOf(2 ** 32 + 0xc3_00_00_01, tag)).toBe(false);
  });

  it("still do when Yjs draws another one, since somebody else wrote with ours", () => {
    const [doc, other] = [new Y.Doc(), new Y.Doc()];
    keepClientId(doc, 0x07);
    other.clientID = doc.clientID;
    other.getText("t").insert(0, "x");
    const before = doc.clientID;
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(doc.clientID).not.toBe(before);
    expect(isClientOf(doc.clientID, 0x07)).toBe(true);
  });
});

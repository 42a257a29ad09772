/** Edits as an editor makes them, at random: text with formatting, maps, arrays and XML, in one Y.Doc. */
import * as Y from "yjs";
import type { World } from "./world.ts";

/** One edit; gives it as an update. Letters of "t" are never deleted, so that none can go unseen. */
export function editAtRandom(doc: Y.Doc, world: World, kind: "letter" | "other" | "long"): Uint8Array {
  const updates: Uint8Array[] = [];
  const keep = (update: Uint8Array): void => void updates.push(update);
  doc.on("update", keep);
  doc.transact(() => {
    const text = doc.getText("t");
    if (kind === "letter") text.insert(world.between(0, text.length), "a");
    else if (kind === "long") doc.getMap("long").set("paste", longText(world));
    else OTHER[world.between(0, OTHER.length - 1)]?.(doc, world);
    // Always something, so that there is an update to keep.
    doc.getMap("m").set("last", world.between(0, 1_000_000));
  });
  doc.off("update", keep);
  return Y.mergeUpdates(updates);
}

/** Everything that can be seen of a document. */
export const pictureOf = (doc: Y.Doc): string =>
  JSON.stringify([
    doc.getText("t").toDelta(),
    doc.getText("f").toDelta(),
    // By key: two that hold the same may have heard of it in another order.
    Object.entries(doc.getMap("m").toJSON()).sort(([a], [b]) => (a < b ? -1 : 1)),
    doc.getArray("a").toJSON(),
    doc.getXmlFragment("x").toString(),
    String(doc.getMap("long").get("paste") ?? "").length,
  ]);

const OTHER: readonly ((doc: Y.Doc, world: World) => void)[] = [
  (doc, world) => {
    const { length } = doc.getText("t");
    if (length > 1) doc.getText("t").format(world.between(0, length - 2), 1, { bold: world.chance(0.5) || null });
  },
  (doc, world) => {
    const text = doc.getText("f");
    if (text.length > 3 && world.chance(0.5)) text.delete(world.between(0, text.length - 2), 2);
    else text.insert(world.between(0, text.length), "ord ", world.chance(0.3) ? { italic: true } : {});
  },
  (doc, world) => {
    const key = world.pick(["title", "mood", "from"]);
    if (world.chance(0.3)) doc.getMap("m").delete(key);
    else doc.getMap("m").set(key, world.chance(0.5) ? { deep: [world.between(0, 9)] } : world.between(0, 9));
  },
  (doc, world) => {
    const array = doc.getArray<number>("a");
    if (array.length > 1 && world.chance(0.4)) array.delete(world.between(0, array.length - 1), 1);
    else array.insert(world.between(0, array.length), [world.between(0, 9), world.between(0, 9)]);
  },
  (doc, world) => {
    const fragment = doc.getXmlFragment("x");
    const at = world.between(0, fragment.length);
    const there = fragment.get(Math.min(at, Math.max(0, fragment.length - 1)));
    if (fragment.length > 2 && world.chance(0.3)) fragment.delete(at === fragment.length ? 0 : at, 1);
    else if (there instanceof Y.XmlElement && world.chance(0.6)) {
      if (world.chance(0.4)) there.setAttribute("level", String(world.between(1, 3)));
      else there.insert(0, [new Y.XmlText("linje")]);
    } else fragment.insert(at, [new Y.XmlElement(world.pick(["paragraph", "quote"]))]);
  },
];

/** More than a record holds. */
const longText = (world: World): string => String(world.between(1, 9)).repeat(260_000);

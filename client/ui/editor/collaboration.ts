/**
 * Binds ProseMirror to the shared text of a document, and gives undo and redo of one's own edits. What Tiptap's own
 * collaboration extension does, without its reach for yjs: the shared text comes from state/ and stays opaque here.
 */
import { Extension, type JSONContent } from "@tiptap/core";
import { redo, undo, yCursorPlugin, ySyncPlugin, yUndoPlugin } from "@tiptap/y-tiptap";

/** The shared text as the binding takes it; `state/` hands it over, nothing here looks inside. */
export type SharedText = Parameters<typeof ySyncPlugin>[0];
/** Where the others' cursors come from; null while nobody turned presence on. */
export type Presence = Parameters<typeof yCursorPlugin>[0];

/** Colours that a cursor may have: classes in editor.css, since a style attribute is refused by the page's policy. */
const cursorBuilder = (user: unknown): HTMLElement => {
  const name = typeof user === "object" && user !== null && "name" in user ? String(user.name) : "";
  const cursor = document.createElement("span");
  cursor.className = "editor-cursor";
  const label = document.createElement("span");
  label.className = "editor-cursor-name";
  label.textContent = name;
  cursor.append(label);
  return cursor;
};

/**
 * An empty block like the text's first. The binding gives the caret its place again when it has put the text in, and a
 * place that was in a paragraph would be beside every word where the text begins with a list.
 */
export function emptyLike(text: SharedText): JSONContent {
  const paragraph: JSONContent = { type: "paragraph" };
  const first = text.length > 0 ? text.get(0) : null;
  const name = first !== null && "nodeName" in first ? first.nodeName : "";
  if (name === "bulletList" || name === "orderedList") {
    return { type: name, content: [{ type: "listItem", content: [paragraph] }] };
  }
  return name === "blockquote" ? { type: name, content: [paragraph] } : paragraph;
}

export const createCollaboration = (text: SharedText, presence: Presence | null) =>
  Extension.create({
    name: "collaboration",
    // Before every other key binding, so that Mod-z is ours.
    priority: 1000,
    addProseMirrorPlugins: () => [
      ySyncPlugin(text),
      yUndoPlugin(),
      ...(presence === null
        ? []
        : [yCursorPlugin(presence, { cursorBuilder, selectionBuilder: () => ({ class: "editor-selection" }) })]),
    ],
    addKeyboardShortcuts() {
      return {
        "Mod-z": () => undo(this.editor.state),
        "Mod-y": () => redo(this.editor.state),
        "Shift-Mod-z": () => redo(this.editor.state),
      };
    },
  });

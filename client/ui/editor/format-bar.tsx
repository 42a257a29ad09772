import type { Editor } from "@tiptap/core";
import { redo, undo } from "@tiptap/y-tiptap";
import { useEffect, useReducer, useState } from "preact/hooks";
import { Icon, type IconName } from "../parts/icon.tsx";
import { type TextKey, t } from "../text.ts";

interface Format {
  readonly icon: IconName;
  readonly label: TextKey;
  readonly isOn: (editor: Editor) => boolean;
  readonly toggle: (editor: Editor) => void;
}

const formats: readonly Format[] = [
  {
    icon: "bold",
    label: "format.bold",
    isOn: (editor) => editor.isActive("bold"),
    toggle: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    icon: "italic",
    label: "format.italic",
    isOn: (editor) => editor.isActive("italic"),
    toggle: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    icon: "heading",
    label: "format.heading",
    isOn: (editor) => editor.isActive("heading"),
    toggle: (editor) => editor.chain().focus().toggleHeading({ level: 2 }).run(),
  },
  {
    icon: "list",
    label: "format.list",
    isOn: (editor) => editor.isActive("bulletList"),
    toggle: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    icon: "numbers",
    label: "format.numbers",
    isOn: (editor) => editor.isActive("orderedList"),
    toggle: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    icon: "quote",
    label: "format.quote",
    isOn: (editor) => editor.isActive("blockquote"),
    toggle: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
];

/** Looks of the text, behind one button: who only wants to write sees only that. */
export function FormatBar({ editor }: { editor: Editor }) {
  const [open, setOpen] = useState(false);
  const [, drawAgain] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const again = (): void => drawAgain(undefined);
    editor.on("transaction", again);
    return () => {
      editor.off("transaction", again);
    };
  }, [editor]);
  return (
    <div class="format">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="letters" />
        <span>{t("format.title")}</span>
      </button>
      {open && (
        // A press leaves the focus in the text: the next letter belongs there at once.
        <fieldset class="group formats" aria-label={t("format.title")} onMouseDown={(event) => event.preventDefault()}>
          {formats.map(({ icon, label, isOn, toggle }) => (
            <button
              key={label}
              type="button"
              aria-label={t(label)}
              aria-pressed={isOn(editor)}
              onClick={() => toggle(editor)}
            >
              <Icon name={icon} />
            </button>
          ))}
          <button type="button" aria-label={t("format.undo")} onClick={() => undo(editor.state)}>
            <Icon name="takeBack" />
          </button>
          <button type="button" aria-label={t("format.redo")} onClick={() => redo(editor.state)}>
            <Icon name="redo" />
          </button>
        </fieldset>
      )}
    </div>
  );
}

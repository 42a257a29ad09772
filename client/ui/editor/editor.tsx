import { Editor as TiptapEditor } from "@tiptap/core";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { look } from "../../state/language.ts";
import { createCollaboration, emptyLike, type Presence, type SharedText } from "./collaboration.ts";
import "./editor.css";
import { FormatBar } from "./format-bar.tsx";
import { plainSchema, schema } from "./schema.ts";

export interface EditorProps {
  readonly text: SharedText;
  /** What the field is called to someone who doesn't see it. */
  readonly label: string;
  /** Shown while the text is empty. */
  readonly placeholder: string;
  readonly presence?: Presence | null;
  readonly focus?: boolean;
  /** Words alone, without bold, lists and headings. */
  readonly plain?: boolean;
}

/**
 * The text field of entries, wishes and joint pages. Loaded when the first of them opens (its own chunk). Contenteditable:
 * the browser writes nothing of it into its session files. Checking of spelling is off because some browsers send the
 * text away for it.
 */
export const Editor = ({ text, label, placeholder, presence = null, focus = false, plain = false }: EditorProps) => {
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<TiptapEditor | null>(null);

  // Before the frame is drawn: an effect would come a frame later, and with it the words of an entry that was opened.
  useLayoutEffect(() => {
    if (place.current === null) return;
    const editor = new TiptapEditor({
      element: place.current,
      extensions: [...(plain ? plainSchema : schema), createCollaboration(text, presence)],
      // As JSON: an empty string would be parsed as HTML, which the page's policy refuses.
      content: { type: "doc", content: [plain ? { type: "paragraph" } : emptyLike(text)] },
      injectCSS: false,
      autofocus: focus ? "end" : false,
      editorProps: {
        attributes: {
          class: "editor-text",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": label,
          spellcheck: "false",
          translate: "no",
          "data-gramm": "false",
        },
      },
    });
    const markEmpty = () => {
      editor.view.dom.dataset.empty = String(editor.isEmpty);
    };
    markEmpty();
    editor.on("transaction", markEmpty);
    setShown(editor);
    return () => {
      setShown(null);
      editor.destroy();
    };
  }, [text, presence, label, focus, plain]);

  return (
    <>
      <div class="editor" ref={place} data-placeholder={placeholder} />
      {!plain && look.value !== "pictures" && shown !== null && <FormatBar editor={shown} />}
    </>
  );
};

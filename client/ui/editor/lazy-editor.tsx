import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../text.ts";
import type { EditorProps } from "./editor.tsx";

const loaded = signal<ComponentType<EditorProps> | null>(null);

/** The editor, loaded when the first text field comes onto the screen; the chunk is in the cache after the first load. */
export function LazyEditor(props: EditorProps) {
  useEffect(() => {
    if (loaded.peek() === null) {
      void import("./editor.tsx").then(({ Editor }) => {
        loaded.value = Editor;
      });
    }
  }, []);
  const Editor = loaded.value;
  return Editor === null ? <p class="meta">{t("entry.opening")}</p> : <Editor {...props} />;
}

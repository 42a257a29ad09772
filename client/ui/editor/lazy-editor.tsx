import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../text.ts";
import type { EditorProps } from "./editor.tsx";

const loaded = signal<ComponentType<EditorProps> | null>(null);

/** Loads the editor's chunk, once; it is in the cache after the first load ever. */
export async function loadEditor(): Promise<void> {
  if (loaded.peek() === null) loaded.value = (await import("./editor.tsx")).Editor;
}

/** The editor, loaded when the first text field comes onto the screen, unless home has done so before. */
export function LazyEditor(props: EditorProps) {
  useEffect(() => void loadEditor(), []);
  const Editor = loaded.value;
  return Editor === null ? <p class="meta">{t("entry.opening")}</p> : <Editor {...props} />;
}

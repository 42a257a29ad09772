import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../text.ts";

/** The longest title that lists can show. */
const MAX_TITLE = 120;

/** One line that grows. `autocomplete="off"` keeps the browser from writing it into its session files. */
export function TitleField(props: {
  value: string;
  /** False until it is known what stands in it: words that were typed over a title nobody saw yet would take its place. */
  ready: boolean;
  onWrite: (title: string) => void;
}) {
  const { value, ready, onWrite } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const shown = field.current;
    if (shown === null) return;
    // What is in the field while it is typed in is newer than the value that comes back.
    if (shown.value !== value && document.activeElement !== shown) shown.value = value;
    // The style sheet lets it grow by itself, also when the text's size changes; older browsers need this.
    if (CSS.supports("field-sizing", "content")) return;
    shown.style.height = "auto";
    shown.style.height = `${shown.scrollHeight}px`;
  });
  return (
    <textarea
      ref={field}
      class="title-field voice"
      rows={1}
      maxLength={MAX_TITLE}
      readOnly={!ready}
      autocomplete="off"
      autocapitalize="sentences"
      spellcheck={false}
      aria-label={t("entry.title")}
      placeholder={t("entry.title")}
      defaultValue={value}
      onInput={(event) => onWrite(event.currentTarget.value.replaceAll("\n", " "))}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        document.querySelector<HTMLElement>(".editor-text")?.focus();
      }}
    />
  );
}

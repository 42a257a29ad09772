import type { ComponentChildren } from "preact";

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly values: readonly { readonly value: Value; readonly word: ComponentChildren }[];
  readonly chosen: Value;
  readonly onChoose: (value: Value) => void;
  readonly class?: string;
}

/** One of a few, as chips. Arrow keys move and choose, as in every group of radio buttons. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, values, chosen, onChoose } = props;
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = values.findIndex(({ value }) => value === chosen);
    const index = (at + step + values.length) % values.length;
    const next = values[index];
    if (!next) return;
    onChoose(next.value);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=radio]")[index]?.focus();
  };
  return (
    <div class={props.class ?? "chips"} role="radiogroup" aria-label={label} onKeyDown={onKeyDown}>
      {values.map(({ value, word }) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio can't hold the drawn pocket that is its label here
        <button
          key={value}
          type="button"
          role="radio"
          aria-checked={value === chosen}
          tabIndex={value === chosen ? 0 : -1}
          onClick={() => onChoose(value)}
        >
          {word}
        </button>
      ))}
    </div>
  );
}

/**
 * A word that was typed into a field with an "add" of its own, and not added: it is taken all the same when one goes on elsewhere,
 * when the field goes, and before the pocket is sealed. Nobody sees "add" pressed or not, only that the word is gone.
 */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { beforeSealing } from "../../state/before-sealing.ts";

/** After leaving the field: what is pressed next is pressed before the word, taken, moves it. */
const LEFT_MS = 400;

const fields = new Set<() => void>();

/** Takes what stands in every such field; called before one looks whether anything stands in what is left. */
export function takeLeftWords(): void {
  for (const take of fields) take();
}

export interface LeftWord {
  /** Takes it now, and empties the field; nothing for blanks. */
  take(): void;
  /** Another field has the focus, or none. */
  left(): void;
  back(): void;
  /** The field goes. */
  end(): void;
}

export function createLeftWord(field: Pick<HTMLInputElement, "value">, taken: (word: string) => void): LeftWord {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const take = (): void => {
    clearTimeout(timer);
    const word = field.value.trim();
    if (word === "") return;
    field.value = "";
    taken(word);
  };
  fields.add(take);
  const noLongerSealed = beforeSealing(take);
  return {
    take,
    left: () => {
      clearTimeout(timer);
      timer = setTimeout(take, LEFT_MS);
    },
    back: () => clearTimeout(timer),
    end: () => {
      fields.delete(take);
      noLongerSealed();
      take();
    },
  };
}

/** For the `input` that `field` stands at. `taken` must not mind a word that is there already. */
export function useLeftWord(taken: (word: string) => void): {
  readonly field: RefObject<HTMLInputElement | null>;
  /** Adds what stands there, as the button does. */
  readonly add: () => void;
} {
  const field = useRef<HTMLInputElement>(null);
  const newest = useRef(taken);
  newest.current = taken;
  const add = useRef<() => void>(() => undefined);
  useEffect(() => {
    const input = field.current;
    if (input === null) return;
    const word = createLeftWord(input, (typed) => newest.current(typed));
    add.current = word.take;
    input.addEventListener("blur", word.left);
    input.addEventListener("focus", word.back);
    return word.end;
  }, []);
  return { field, add: () => add.current() };
}

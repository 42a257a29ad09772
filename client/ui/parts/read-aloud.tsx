import { useEffect, useRef, useState } from "preact/hooks";
import { language } from "../../state/language.ts";
import { voice } from "../../state/voice.ts";
import { t } from "../text.ts";
import { Icon } from "./icon.tsx";

type Place = "screen" | "dialog" | "desk";

/**
 * Reads the whole screen aloud, one thing after the other, and shows which: the name of everything that can be pressed too,
 * and one's own words. Pressed again it is quiet. Not there where the device has no voice of its own for the language.
 */
export function ReadAloud({ of }: { of: Place }) {
  const button = useRef<HTMLButtonElement>(null);
  const [reading, setReading] = useState(false);
  const turn = useRef(0);
  const stop = (): void => {
    turn.current++;
    voice.stop();
    setReading(false);
  };
  useEffect(
    () => () => {
      turn.current++;
      voice.stop();
    },
    [],
  );
  if (!voice.languages.value.has(language.value)) return null;
  const read = async (): Promise<void> => {
    const mine = ++turn.current;
    setReading(true);
    const { wordsOf } = await import("./screen-words.ts");
    for (const { element, text } of placesOf(button.current, of).flatMap(wordsOf)) {
      if (turn.current !== mine) return;
      // What went from the screen meanwhile isn't said any more.
      if (!element.isConnected) continue;
      element.setAttribute("data-read", "");
      element.scrollIntoView({ block: "nearest" });
      await voice.say(text, language.value);
      element.removeAttribute("data-read");
    }
    if (turn.current === mine) setReading(false);
  };
  return (
    <button
      ref={button}
      type="button"
      class="reader"
      data-reader
      aria-pressed={reading}
      aria-label={t("first.speak")}
      onClick={() => (reading ? stop() : void read())}
    >
      <Icon name={reading ? "stop" : "speak"} />
    </button>
  );
}

/** What it says first, then what can be done, then the ways out. */
function placesOf(button: Element | null, of: Place): readonly Element[] {
  const root = button?.closest(of === "dialog" ? "dialog" : `.${of}`);
  if (!root) return [];
  if (of !== "screen") return [root];
  return ["main", "footer", "header.top"].flatMap((place) => [...root.querySelectorAll(`:scope > ${place}`)]);
}

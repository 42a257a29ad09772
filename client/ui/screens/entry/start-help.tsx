import { useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { Button } from "../../parts/button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { Rise } from "../../parts/rise.tsx";
import { type TextKey, t } from "../../text.ts";

/** A way to begin: its name becomes the title, its lines the headings to write under. None of them asks for more. */
interface Beginning {
  readonly name: TextKey;
  readonly icon: IconName;
  readonly lines: readonly TextKey[];
}

const beginnings: readonly Beginning[] = [
  { name: "begin.good", icon: "sun", lines: [] },
  { name: "begin.angry", icon: "storm", lines: ["begin.angry.because"] },
  { name: "begin.before", icon: "chat", lines: ["begin.before.say", "begin.before.ask", "begin.before.secret"] },
  { name: "begin.after", icon: "home", lines: ["begin.after.was", "begin.after.next"] },
  { name: "begin.letter", icon: "door", lines: ["begin.letter.dear"] },
  { name: "begin.dream", icon: "moon", lines: [] },
];

/** Help to begin, while the page is empty: one quiet button, gone with the first letter. */
export function StartHelp({ entry }: { entry: OpenEntry }) {
  const [open, setOpen] = useState(false);
  const choose = ({ name, lines }: Beginning): void => {
    entry.begin(
      t(name),
      lines.map((line) => t(line)),
    );
    setOpen(false);
    // What opened it is gone now that something stands on the page: on to where one writes.
    setTimeout(() => document.querySelector<HTMLElement>(".editor-text")?.focus());
  };
  return (
    <>
      <Button kind="quiet" icon="pencil" onPress={() => setOpen(true)}>
        {t("begin.open")}
      </Button>
      {open && (
        <Rise title={t("begin.title")} onClose={() => setOpen(false)}>
          <div class="decide">
            {beginnings.map((beginning) => (
              <Button key={beginning.name} kind="line" icon={beginning.icon} onPress={() => choose(beginning)}>
                {t(beginning.name)}
              </Button>
            ))}
            <p class="small">{t("begin.letterMeans")}</p>
            <Button kind="quiet" onPress={() => setOpen(false)}>
              {t("more.close")}
            </Button>
          </div>
        </Rise>
      )}
    </>
  );
}

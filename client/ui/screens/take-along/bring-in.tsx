import { computed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Bringing, type BroughtIn, bringIn } from "../../../state/bring-in.ts";
import { pickerClosed, pickerOpened } from "../../../state/lock.ts";
import { go } from "../../../state/route.ts";
import type { VaultErrorCode } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { PassphraseField } from "../../parts/passphrase-field.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { type TextKey, t } from "../../text.ts";
import { Far } from "./far.tsx";
import "./take-along.css";

const sentences: Partial<Record<VaultErrorCode, TextKey>> = {
  "archive-unknown": "bring.unknown",
  "archive-newer": "bring.newer",
  "archive-damaged": "bring.broken",
  "storage-full": "bring.full",
  "not-here": "bring.stopped",
};

/** A file is found, its words are given where it has some, and what is in it comes into the pocket. Nothing here changes. */
export function BringIn() {
  const [file, setFile] = useState<File | null>(null);
  const [sealed, setSealed] = useState<"no" | "yes" | "wrong">("no");
  const [words, setWords] = useState("");
  const [running, setRunning] = useState<Bringing | null>(null);
  const [result, setResult] = useState<BroughtIn | null>(null);
  const [trouble, setTrouble] = useState<TextKey | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const chosen = picker.current;
    chosen?.addEventListener("cancel", pickerClosed);
    return () => chosen?.removeEventListener("cancel", pickerClosed);
  }, []);
  useEffect(() => () => void running?.stop().catch(() => undefined), [running]);

  const run = async (chosen: File, typed: string | null): Promise<void> => {
    const bringing = bringIn(chosen, typed);
    setFile(chosen);
    setTrouble(null);
    setRunning(bringing);
    const end = await bringing.end;
    setRunning(null);
    if (typeof end === "object") {
      setResult(end);
      setWords("");
      say(t("bring.doneTitle"));
    } else if (end === "archive-sealed" || end === "archive-words")
      setSealed(end === "archive-words" ? "wrong" : "yes");
    else {
      setSealed("no");
      setTrouble(sentences[end] ?? "bring.failed");
    }
  };

  if (running !== null) {
    return (
      <Far
        title={t("bring.running")}
        lead={t("take.keepOpen")}
        done={computed(() => running.far.value.done)}
        total={computed(() => running.far.value.total)}
        onStop={() => void running.stop()}
      />
    );
  }
  if (result !== null) return <Came result={result} />;
  if (sealed !== "no" && file !== null) {
    const open = (): void => {
      if (words.trim() !== "") void run(file, words);
    };
    return (
      <Screen
        back={() => setSealed("no")}
        hem={
          <Button kind="now" wide icon="key" off={words.trim() === ""} onPress={open}>
            {t("bring.open")}
          </Button>
        }
      >
        <h1>{t("bring.wordsTitle")}</h1>
        <p class="lead">{t("bring.wordsText")}</p>
        {sealed === "wrong" && (
          <div role="alert">
            <Word icon="info">{t("bring.badWords")}</Word>
          </div>
        )}
        <form
          autocomplete="off"
          onSubmit={(event) => {
            event.preventDefault();
            open();
          }}
        >
          <PassphraseField label={t("bring.wordsLabel")} value={words} onInput={setWords} />
        </form>
      </Screen>
    );
  }
  return (
    <Screen
      hem={
        <Button
          kind="now"
          wide
          icon="inbox"
          onPress={() => {
            pickerOpened();
            picker.current?.click();
          }}
        >
          {t("bring.find")}
        </Button>
      }
    >
      <div class="spoken">
        <h1>{t("bring.title")}</h1>
        <SpeakButton text={`${t("bring.title")}. ${t("bring.lead")} ${t("bring.twice")}`} />
      </div>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{t(trouble)}</Word>
        </div>
      )}
      <p class="lead">{t("bring.lead")}</p>
      <p class="lead">{t("bring.twice")}</p>
      <input
        ref={picker}
        hidden
        type="file"
        accept=".zip,.age,application/zip"
        autocomplete="off"
        onChange={(event) => {
          pickerClosed();
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (chosen !== undefined) void run(chosen, null);
        }}
      />
    </Screen>
  );
}

function Came({ result }: { result: BroughtIn }) {
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={() => go("things")}>
          {t("take.finish")}
        </Button>
      }
    >
      <h1>{t("bring.doneTitle")}</h1>
      <p class="lead" role="status">
        {t("bring.done", { count: result.documents })}
      </p>
      {result.known > 0 && <p class="lead">{t("bring.known", { count: result.known })}</p>}
      {result.left > 0 && <Word icon="info">{t("bring.left", { count: result.left })}</Word>}
      {result.damaged > 0 && <Word icon="warning">{t("bring.damaged", { count: result.damaged })}</Word>}
    </Screen>
  );
}

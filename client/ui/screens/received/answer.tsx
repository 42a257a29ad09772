import { useEffect, useRef, useState } from "preact/hooks";
import { received } from "../../../state/lists.ts";
import { type OpenReply, openAnswer } from "../../../state/reply.ts";
import type { ShareId } from "../../../state/types.ts";
import { LazyEditor } from "../../editor/lazy-editor.tsx";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { t } from "../../text.ts";
import { SavedMark } from "../entry/saved-mark.tsx";

/** A child's answer to another child: words, and nothing that promises or decides. Until it is sent it is an entry of its own. */
export function Answer({ share, name }: { share: ShareId; name: string }) {
  const [answer, setAnswer] = useState<OpenReply | null>(null);
  const [writing, setWriting] = useState(false);
  const [state, setState] = useState<"writing" | "sending" | "sent" | "failed">("writing");
  useEffect(() => {
    if (!writing) return;
    let opened: OpenReply | null = null;
    let gone = false;
    openAnswer(share, t("received.draft", { name })).then(
      (made) => {
        opened = made;
        if (gone) made.close();
        else setAnswer(made);
      },
      () => setState("failed"),
    );
    return () => {
      gone = true;
      opened?.close();
      setAnswer(null);
    };
  }, [share, writing, name]);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (writing) head.current?.focus();
  }, [writing]);
  const off = answer === null || state === "sending" || answer.plain.value.trim() === "";
  const send = async (): Promise<void> => {
    if (answer === null || off) return;
    setState("sending");
    try {
      await answer.send("");
      setWriting(false);
      setState("sent");
      say(t("received.sent", { name }));
      await received.refresh();
    } catch {
      setState("failed");
    }
  };
  const label = t("received.answer", { name });
  return (
    <section class="received-answer" aria-label={label}>
      {writing ? (
        <>
          {/* The button that was pressed is gone: one goes on at the heading of what came in its place. */}
          <h2 ref={head} tabIndex={-1}>
            {label}
          </h2>
          <div class="field">
            {answer?.ready.value ? (
              <LazyEditor text={answer.text} label={label} placeholder={t("home.write")} plain />
            ) : null}
          </div>
          {answer !== null && <SavedMark entry={answer} />}
          <Button kind="line" icon="send" off={off} onPress={() => void send()}>
            {t("received.send")}
          </Button>
        </>
      ) : (
        <Button kind="line" icon="chat" wide onPress={() => setWriting(true)}>
          {label}
        </Button>
      )}
      <div role="status">
        {state === "sent" && <Word icon="check">{t("received.sent", { name })}</Word>}
        {state === "failed" && <Word icon="warning">{t("received.failed")}</Word>}
      </div>
    </section>
  );
}

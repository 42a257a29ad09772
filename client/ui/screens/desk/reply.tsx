import { useEffect, useState } from "preact/hooks";
import { measureLix } from "../../../i18n/lix.ts";
import { simplerWord } from "../../../i18n/plain-words.ts";
import { weekdayTitle } from "../../../i18n/when.ts";
import { language } from "../../../state/language.ts";
import { received } from "../../../state/lists.ts";
import { type OpenReply, openReply } from "../../../state/reply.ts";
import { WISH_ANSWERS, type WishAnswer } from "../../../state/sharing.ts";
import type { ShareId } from "../../../state/types.ts";
import { LazyEditor } from "../../editor/lazy-editor.tsx";
import { genitive } from "../../names.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { formatDate, t } from "../../text.ts";
import { SavedMark } from "../entry/saved-mark.tsx";
import { nextWorkingDays } from "./desk-order.ts";
import { LIX_LIMIT, LixScale } from "./lix-scale.tsx";
import "./reply.css";

/** How many days can be promised in one press. */
const DAYS = 3;
/** More than this many hard words at once is a lecture. */
const WORDS = 3;

interface ReplyProps {
  readonly share: ShareId;
  readonly name: string;
  /** Then the answer can say what becomes of it. */
  readonly isWish: boolean;
  readonly onLeave: () => void;
}

/** The answer: the child's pocket, into which it is put. What is written is kept as a draft until it is sent. */
export function Reply({ share, name, isWish, onLeave }: ReplyProps) {
  const [reply, setReply] = useState<OpenReply | null>(null);
  const [round, setRound] = useState(0);
  const [promised, setPromised] = useState<number | null>(null);
  const [wish, setWish] = useState<WishAnswer | null>(null);
  const [state, setState] = useState<"writing" | "sending" | "sent" | "failed">("writing");
  useEffect(() => {
    let opened: OpenReply | null = null;
    let gone = false;
    openReply(share).then(
      (made) => {
        opened = made;
        if (gone) made.close();
        else setReply(made);
      },
      () => setState("failed"),
    );
    return () => {
      gone = true;
      opened?.close();
    };
  }, [share, round]);
  const words = reply?.plain.value ?? "";
  const promise = promised === null ? "" : t("desk.promise", { day: formatDate(promised, { weekday: "long" }) });
  const outcome = wish === null || wish === "declined" ? "" : t(`wish.say.${wish}`);
  const more = [outcome, promise].filter((part) => part !== "").join("\n");
  // A no without a why is not sent.
  const off = state === "sending" || (words.trim() === "" && (more === "" || wish === "declined"));
  const send = async (): Promise<void> => {
    if (reply === null || off) return;
    setState("sending");
    try {
      await reply.send(more, wish ?? undefined);
      setWish(null);
      setReply(null);
      setPromised(null);
      setRound(round + 1);
      setState("sent");
      say(t("desk.sent", { name }));
      await received.refresh();
    } catch {
      setState("failed");
    }
  };
  return (
    <div class="pocket reply-pocket">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl and Enter sends from the field and from the chips */}
      <div
        class="cloth reply"
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
          if (event.key === "Escape") onLeave();
        }}
      >
        <Stitch />
        <p class="reply-head">
          <b>{t("desk.replyTo", { name })}</b>
          <span>{t("desk.intoPocket", { genitive: genitive(name) })}</span>
        </p>
        <div class="field reply-field">
          {reply?.ready.value ? (
            <LazyEditor text={reply.text} label={t("desk.replyTo", { name })} placeholder={t("desk.write")} plain />
          ) : null}
        </div>
        {reply !== null && <SavedMark entry={reply} />}
        <Measure text={[words, more].join("\n")} />
        {isWish && <WishChoice chosen={wish} onChoose={setWish} />}
        {wish === "declined" && words.trim() === "" && <p class="small">{t("wish.why")}</p>}
        <PromiseDays chosen={promised} onChoose={setPromised} name={name} />
        {more !== "" && <p class="small">{more}</p>}
        <Button kind="now" onPress={() => void send()} off={off}>
          {t("desk.send")}
        </Button>
        <div role="status">
          {state === "sent" && <p>{t("desk.sent", { name })}</p>}
          {state === "failed" && <Word icon="warning">{t("desk.notSent")}</Word>}
        </div>
        <p class="small">{t("desk.filed")}</p>
      </div>
    </div>
  );
}

function WishChoice(props: { chosen: WishAnswer | null; onChoose: (answer: WishAnswer | null) => void }) {
  return (
    <fieldset class="group" aria-label={t("wish.become")}>
      <p class="reply-again">{t("wish.become")}</p>
      <div class="chips">
        {WISH_ANSWERS.map((answer) => (
          <button
            key={answer}
            type="button"
            aria-pressed={answer === props.chosen}
            onClick={() => props.onChoose(answer === props.chosen ? null : answer)}
          >
            {t(`wish.${answer}`)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function Measure({ text }: { text: string }) {
  const { lix, words, longWords } = measureLix(text);
  if (words === 0) return null;
  const hard = longWords
    .map((word) => ({ word, simple: simplerWord(word, language.value) }))
    .filter(({ word, simple }) => simple !== null || word.length > 12)
    .slice(0, WORDS);
  return (
    <div class="measure">
      <LixScale lix={lix} />
      <p>{t(lix <= LIX_LIMIT ? "desk.easy" : "desk.hard", { limit: LIX_LIMIT })}</p>
      {hard.map(({ word, simple }) => (
        <p key={word} class="small">
          {simple === null ? t("desk.hardWord", { word }) : t("desk.hardWordTry", { word, simple })}
        </p>
      ))}
    </div>
  );
}

function PromiseDays(props: { chosen: number | null; onChoose: (day: number | null) => void; name: string }) {
  return (
    <fieldset class="group" aria-label={t("desk.again", { name: props.name })}>
      <p class="reply-again">{t("desk.again", { name: props.name })}</p>
      <div class="chips">
        {nextWorkingDays(Date.now(), DAYS).map((day) => (
          <button
            key={day}
            type="button"
            aria-pressed={day === props.chosen}
            onClick={() => props.onChoose(day === props.chosen ? null : day)}
          >
            {weekdayTitle(day, language.value)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

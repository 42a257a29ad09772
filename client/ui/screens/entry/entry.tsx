import { useEffect, useMemo, useState } from "preact/hooks";
import { isOfCase } from "../../../state/case.ts";
import { newDrawingId } from "../../../state/drawing.ts";
import { type OpenEntry, openEntry, removeIfEmpty } from "../../../state/entry.ts";
import { people, shares } from "../../../state/lists.ts";
import { back, go, mayShow, type RouteParams } from "../../../state/route.ts";
import type { Summary } from "../../../state/types.ts";
import { LazyEditor } from "../../editor/lazy-editor.tsx";
import { namesOf } from "../../names.ts";
import { useCodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { takeLeftWords } from "../../parts/left-word.ts";
import { Word } from "../../parts/lists.tsx";
import { Hem, Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { SaidBefore } from "../take-along/said-before.tsx";
import { isEmpty, useAbout } from "./about.ts";
import { DeleteEntry } from "./delete-entry.tsx";
import { Dictate } from "./dictate.tsx";
import "./entry.css";
import { MarkLine } from "./mark-line.tsx";
import { Meeting } from "./meeting.tsx";
import { MoodRow } from "./mood-row.tsx";
import { More } from "./more.tsx";
import { PhotoTools } from "./photo-tools.tsx";
import { Photos } from "./photos.tsx";
import { RecorderTool } from "./recorder.tsx";
import { Recordings } from "./recordings.tsx";
import { SavedMark } from "./saved-mark.tsx";
import { StartHelp } from "./start-help.tsx";
import { Stickers, StickerTool } from "./stickers.tsx";
import { TitleField } from "./title-field.tsx";
import { ToolButton } from "./tool-button.tsx";
import { WishSubjects } from "./wish-subjects.tsx";

type DocumentTag = Summary["document"];

/** Writing: an entry or a wish. Whole without a letter typed: a mood or a photo is enough. */
export function Entry({ params }: { params: RouteParams }) {
  const document = params.document as DocumentTag;
  const fresh = params.fresh === "yes";
  const entry = useMemo(() => openEntry(document), [document]);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [asking, setAsking] = useState<"delete" | "more" | null>(null);
  useEffect(
    () => () => {
      takeLeftWords();
      entry.close();
    },
    [entry],
  );
  const shownTo = useShownTo(document);
  const wasShown = (useList(shares) ?? []).some((share) => share.document === document);
  useAbout(entry, params.about);
  const gate = useCodeGate();
  if (gate.question !== null) return <>{gate.question}</>;
  const leave = (): void => {
    takeLeftWords();
    // An entry that was only looked into leaves nothing behind. The vault looks too: at what is on its way into it.
    if (fresh && isEmpty(entry)) void removeIfEmpty(document).catch(() => undefined);
    back();
  };
  const isWish = entry.kind.value === "wish";
  const isMeeting = !isWish && (params.about === "meeting" || isOfCase("meeting", entry.marks.value.tags));
  return (
    <Screen
      back={leave}
      middle={<SavedMark entry={entry} />}
      footer={
        <Hem>
          <div class="tools">
            <PhotoTools entry={entry} begins={params.begin === "camera"} onTrouble={setTrouble} />
            <ToolButton icon="draw" label={t("entry.draw")} onPress={() => draw(document)} />
            <RecorderTool entry={entry} begins={params.begin === "voice"} />
            <StickerTool entry={entry} />
            <Button kind="now" onPress={leave}>
              {t("entry.done")}
            </Button>
          </div>
        </Hem>
      }
    >
      <h1 class="vh">{isWish ? t("wishes.new") : t("home.new")}</h1>
      {isWish && <WishSubjects entry={entry} />}
      {isMeeting && <Meeting entry={entry} />}
      <MoodRow entry={entry} />
      <div class="sheet">
        <Problem entry={entry} />
        {entry.trouble.value === "failed" && <Word icon="warning">{t("entry.notOpen")}</Word>}
        {entry.damaged.value && (
          <div role="status">
            <Word icon="warning">{t("entry.damaged")}</Word>
          </div>
        )}
        {trouble !== null && <Word icon="info">{trouble}</Word>}
        <TitleField value={entry.title.value} ready={entry.ready.value} onWrite={entry.writeTitle} />
        {entry.ready.value ? (
          <LazyEditor
            text={entry.text}
            label={t("entry.text")}
            placeholder={isWish ? t("entry.wishHere") : t("entry.textHere")}
          />
        ) : (
          <p class="meta">{t("entry.opening")}</p>
        )}
        {entry.ready.value && entry.blank.value && !isWish && !isMeeting && <StartHelp entry={entry} />}
        {entry.ready.value && <Dictate entry={entry} />}
        <Stickers entry={entry} />
        <Photos entry={entry} gate={gate} onDraw={(drawing, over) => draw(document, drawing, over)} />
        <Recordings entry={entry} />
        <SaidBefore shown={entry.before.value} />
        <MarkLine marks={entry.marks.value} from={entry.from.value} together={entry.together.value} />
        <p class="entry-whose meta">
          <Icon name={shownTo === "" ? "lock" : "eye"} small />
          <span>{shownTo === "" ? t("entry.onlyYours") : t("entry.shownTo", { names: shownTo })}</span>
        </p>
      </div>
      <div class="entry-acts">
        {mayShow("show-to") && (
          <Button kind="line" icon="send" onPress={() => go("show-to", { document })}>
            {t("entry.show")}
          </Button>
        )}
        {wasShown && mayShow("case-thing") && (
          <Button kind="quiet" icon="chat" onPress={() => go("case-thing", { document })}>
            {t("case.happened")}
          </Button>
        )}
        <Button kind="quiet" icon="more" onPress={() => setAsking("more")}>
          {t("entry.more")}
        </Button>
        <Button kind="quiet" icon="bin" onPress={() => setAsking("delete")}>
          {t("entry.delete")}
        </Button>
      </div>
      {asking === "more" && <More entry={entry} document={document} onClose={() => setAsking(null)} />}
      {asking === "delete" && <DeleteEntry entry={entry} shownTo={shownTo} onClose={() => setAsking(null)} />}
    </Screen>
  );
}

/** By itself: what is saved changes with every letter, and the screen isn't drawn anew for it. */
function Problem({ entry }: { entry: Pick<OpenEntry, "saved"> }) {
  return entry.saved.value === "problem" ? <Word icon="warning">{t("entry.problem")}</Word> : null;
}

/** Names of those who can see a copy of it now; "" when nobody can. */
const useShownTo = (document: DocumentTag): string => {
  const persons = useList(people);
  const all = useList(shares);
  const ids = (all ?? [])
    .filter((share) => share.document === document && share.takeBack === null)
    .map(({ person }) => person);
  return ids.length === 0 ? "" : namesOf(persons, [...new Set(ids)]);
};

const draw = (document: DocumentTag, drawing = newDrawingId(), over?: string): void =>
  go("draw", { document, drawing, ...(over !== undefined && { over }) });

import { useEffect, useRef, useState } from "preact/hooks";
import { jointPages, people, received } from "../../../state/lists.ts";
import { quickExit } from "../../../state/quick-exit.ts";
import { back, go, type RouteParams } from "../../../state/route.ts";
import type { Received } from "../../../state/types.ts";
import { findPerson, nameOf } from "../../names.ts";
import { Icon } from "../../parts/icon.tsx";
import { PocketMark } from "../../parts/marks.tsx";
import { ReadAloud } from "../../parts/read-aloud.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./desk.css";
import { DeskList } from "./desk-list.tsx";
import { answeredLast, waitingLongest } from "./desk-order.ts";
import { DeskReader } from "./desk-reader.tsx";

const NARROW = "(max-width: 700px)";

/**
 * The desk: who waits, longest first, beside what they showed and the answer to it. Nothing is opened before it is
 * chosen, since opening is what the child is told about.
 */
export function Desk() {
  const [chosen, setChosen] = useState<Received["id"] | null>(null);
  const choose = (id: Received["id"]): void => {
    if (matchMedia(NARROW).matches) go("desk-item", { share: id });
    else setChosen(id);
  };
  return <DeskFrame chosen={chosen} onChoose={choose} onLeave={() => setChosen(null)} side="list" />;
}

/** On a phone what was chosen has the screen to itself. */
export function DeskItem({ params }: { params: RouteParams }) {
  return <DeskFrame chosen={params.share as Received["id"]} onChoose={() => undefined} onLeave={back} side="item" />;
}

/** Nothing is open yet: what to do, and what it means to open something. The mark alone where nothing has come at all. */
function DeskNothing({ text }: { text: string }) {
  return (
    <div class="desk-nothing">
      <PocketMark size={56} />
      {text !== "" && <p class="voice">{text}</p>}
    </div>
  );
}

const nothingWords = (all: readonly Received[] | null, chosen: Received["id"] | null): string => {
  if (all === null || all.length === 0) return "";
  return chosen === null ? t("desk.choose") : t("desk.gone");
};

interface FrameProps {
  readonly chosen: Received["id"] | null;
  readonly onChoose: (id: Received["id"]) => void;
  readonly onLeave: () => void;
  readonly side: "list" | "item";
}

function DeskFrame({ chosen, onChoose, onLeave, side }: FrameProps) {
  const all = useList(received);
  const persons = useList(people);
  useList(jointPages);
  const root = useRef<HTMLElement>(null);
  const items = [...waitingLongest(all ?? []), ...answeredLast(all ?? [])];
  const item = items.find(({ id }) => id === chosen);
  // On a phone the list and its heading are not there: one starts at what was shown, as soon as it is.
  const isComing = side === "item" && item === undefined;
  useEffect(() => {
    const start = root.current?.querySelector<HTMLElement>(side === "item" ? "article" : "h1");
    if (start === null || start === undefined) return;
    start.tabIndex = -1;
    start.focus({ preventScroll: true });
  }, [side, isComing]);
  const toList = (): void => {
    root.current?.querySelector<HTMLElement>('.q [aria-current="true"], .q button')?.focus();
  };
  return (
    <main class="desk" data-side={side} ref={root}>
      <DeskList items={all} persons={persons} chosen={chosen} onChoose={onChoose} />
      <section class="desk-open" aria-label={t("desk.open")}>
        <div class="only-s top">
          <button type="button" onClick={onLeave}>
            <Icon name="back" />
            <span>{t("desk.title")}</span>
          </button>
          <span class="end">
            <ReadAloud of="desk" />
          </span>
          <button type="button" onClick={quickExit}>
            <Icon name="exit" />
            <span>{t("first.exit")}</span>
          </button>
        </div>
        {item !== undefined ? (
          <DeskReader key={item.id} item={item} name={nameOf(findPerson(persons, item.person))} onLeave={toList} />
        ) : (
          <DeskNothing text={nothingWords(all, chosen)} />
        )}
      </section>
    </main>
  );
}

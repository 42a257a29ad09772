import { waits } from "../../../state/devices.ts";
import { shownSummaries } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { Share, Summary } from "../../../state/types.ts";
import { headOf } from "../../heads.ts";
import { nameOf } from "../../names.ts";
import { Icon } from "../../parts/icon.tsx";
import { PersonMark } from "../../parts/marks.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { useNews } from "./news.ts";

const titleOf = (share: Share, own: readonly Summary[]): string => {
  const summary = own.find(({ document }) => document === share.document);
  return summary === undefined ? "" : headOf(summary);
};

/** The yellow slip at the top of home; nothing where there is no news. */
export function NewsSlip() {
  const news = useNews();
  const own = useList(shownSummaries) ?? [];
  if (news === null) return null;
  if (news.kind === "wait") return <WaitSlip />;
  if (news.kind === "link") {
    return (
      <Slip title={t("pair.opened")} onPress={() => go("pair-link")}>
        <Icon name="link" />
      </Slip>
    );
  }
  if (news.kind === "left") {
    return (
      <Slip title={t("home.leftSlip")} onPress={() => go("gifts")}>
        <Icon name="inbox" />
      </Slip>
    );
  }
  if (news.kind === "shown") {
    const from = nameOf(news.person);
    return (
      <Slip title={t("received.slip", { name: from })} onPress={() => go("received-thing", { share: news.item.id })}>
        <PersonMark name={from} />
      </Slip>
    );
  }
  const title = titleOf(news.share, own);
  const name = nameOf(news.person);
  return (
    <Slip
      title={t("home.answered", { name })}
      under={title === "" ? undefined : t("home.about", { title })}
      onPress={() => go("share", { share: news.share.id })}
    >
      <PersonMark name={name} />
    </Slip>
  );
}

/** Somebody waits to open this pocket with its card; nothing where nobody does. */
export function WaitSlip() {
  const waiting = useList(waits);
  if (waiting === null || waiting.length === 0) return null;
  return (
    <Slip title={t("wait.slip")} onPress={() => go("card-waits")}>
      <Icon name="card" />
    </Slip>
  );
}

function Slip(props: {
  title: string;
  under?: string | undefined;
  onPress: () => void;
  children: preact.ComponentChildren;
}) {
  return (
    <button type="button" class="slip" onClick={props.onPress}>
      {props.children}
      <span>
        <b>{props.title}</b>
        {props.under}
      </span>
      <span>
        <Icon name="forward" />
      </span>
    </button>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";
import { quickExit } from "../../../state/quick-exit.ts";
import { go } from "../../../state/route.ts";
import { covers, take } from "../../../state/session.ts";
import { focusOn } from "../../parts/focus-on.ts";
import { Icon } from "../../parts/icon.tsx";
import { warmPictures } from "../../parts/picture.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";
import { ChooseLanguage } from "../first-run/language.tsx";
import { LockedMenu } from "./menu.tsx";

/**
 * Closed pockets, one per pocket on this device, and one neutral "…". No speaker here: nothing else stands outside, and what
 * this screen says is read aloud behind "…". Without a pocket: the first run begins.
 */
export function Start() {
  const [menu, setMenu] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(warmPictures, []);
  useEffect(() => focusOn(title.current), []);
  if (covers.value.length === 0) return <ChooseLanguage />;
  const count = covers.value.length;
  return (
    <main class="locked" data-pockets={count > 3 ? "many" : count}>
      <h1 ref={title} class="vh">
        {t("start.title")}
      </h1>
      <button type="button" class="vh" onClick={quickExit}>
        {t("first.leaveNow")}
      </button>
      {covers.value.map((cover) => (
        <button
          key={cover.id}
          type="button"
          class="big"
          data-pocket={cover.colour}
          aria-label={
            count === 1
              ? undefined
              : t("start.pocket", { colour: t(`colour.${cover.colour}`), stitch: t(`colour.${cover.stitch}`) })
          }
          onClick={() => {
            take(cover);
            go("code");
          }}
        >
          <Stitch kind={cover.stitch} />
          <span>{t("first.open")}</span>
        </button>
      ))}
      <button type="button" class="dots" aria-label={t("start.menu")} onClick={() => setMenu(true)}>
        <Icon name="more" />
      </button>
      {menu && <LockedMenu hint={t("start.hint")} onClose={() => setMenu(false)} />}
    </main>
  );
}

import { useState } from "preact/hooks";
import { go, startAt } from "../../../state/route.ts";
import { landAfterOpening, pocket, type Refusal, unlock } from "../../../state/session.ts";
import type { WayInSecret } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Pad, Slots } from "../../parts/pad.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";
import { PassphraseEntry } from "./code-words.tsx";
import { LockedMenu } from "./menu.tsx";
import { RefusalWord, useSecondsLeft } from "./refusal.tsx";

const codeLength = 7;

/** The way in: seven pictures, or the words of a passphrase. */
export function Code() {
  const [menu, setMenu] = useState(false);
  const [opening, setOpening] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [picked, setPicked] = useState<readonly number[]>([]);
  const waiting = useSecondsLeft(refusal);
  const cover = pocket.value;
  if (!cover) return null;

  const open = async (secret: WayInSecret) => {
    setOpening(true);
    setRefusal(null);
    say(t("code.opening"));
    const refused = await unlock(cover.id, secret);
    setOpening(false);
    setPicked([]);
    if (refused) setRefusal(refused);
    else landAfterOpening();
  };
  const pick = (picture: number) => {
    const next = [...picked, picture];
    setPicked(next);
    say(t("code.chosen", { count: next.length }));
    if (next.length === codeLength) void open({ kind: "pictures", pictures: next });
  };
  const byPictures = cover.waysIn.includes("pictures");

  return (
    <Screen
      ground="cloth"
      back={() => startAt("start")}
      exit={false}
      middle={
        <button type="button" class="end" aria-label={t("first.more")} onClick={() => setMenu(true)}>
          <Icon name="more" />
        </button>
      }
    >
      <Stitch still />
      {byPictures && (
        <Slots filled={picked.length} total={codeLength} label={t("code.chosen", { count: picked.length })} />
      )}
      <div class="said" aria-live="polite">
        {refusal && <RefusalWord refusal={refusal} wrong={byPictures ? "code.wrong" : "code.wrongWords"} />}
        {opening && <Word icon="clock">{t("code.opening")}</Word>}
      </div>
      {byPictures && !opening && waiting === 0 && (
        <Pad
          heading="h1"
          askGroup={t("code.group")}
          askPicture={t("code.picture")}
          groups={t("code.groups")}
          undo={t("code.undo")}
          onPick={pick}
          onUndo={picked.length > 0 ? () => setPicked(picked.slice(0, -1)) : undefined}
        />
      )}
      {!byPictures && !opening && (
        <PassphraseEntry off={waiting > 0} onEnter={(passphrase) => void open({ kind: "passphrase", passphrase })} />
      )}
      {menu && (
        <LockedMenu onClose={() => setMenu(false)}>
          {cover.waysIn.includes("card") && (
            <Button icon="card" onPress={() => go("card-unlock")}>
              {t("code.card")}
            </Button>
          )}
          <Button icon="plus" onPress={() => go("language")}>
            {t("code.new")}
          </Button>
        </LockedMenu>
      )}
    </Screen>
  );
}

import { useState } from "preact/hooks";
import { makePocket, pictures } from "../../../state/first-run.ts";
import { back, startAt } from "../../../state/route.ts";
import type { Refusal } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Pad, Slots } from "../../parts/pad.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";

/**
 * Practising twice: once with the right tile pointed out, once without. A slip in the second round points it out again,
 * and the round is then repeated, so that one round without help has gone well before the pocket is made.
 */
export function Practise() {
  const [round, setRound] = useState<1 | 2>(1);
  const [done, setDone] = useState(0);
  const [slipped, setSlipped] = useState(false);
  const [wrong, setWrong] = useState(false);
  const [making, setMaking] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const code = pictures.value;
  const expected = code[done] ?? null;

  const make = async () => {
    setMaking(true);
    setRefusal(null);
    say(t("practise.making"));
    const refused = await makePocket({ kind: "pictures", pictures: code });
    setMaking(false);
    if (refused) setRefusal(refused);
    else startAt("first-thing");
  };
  const pick = (picture: number) => {
    if (picture !== expected) {
      setWrong(true);
      setSlipped(round === 2);
      say(t("practise.wrong"));
      return;
    }
    setWrong(false);
    say(t("code.chosen", { count: done + 1 }));
    if (done + 1 < code.length) return setDone(done + 1);
    if (round === 2 && !slipped) {
      setDone(done + 1);
      void make();
      return;
    }
    setRound(2);
    setDone(0);
    setSlipped(false);
    say(t("practise.second"));
  };

  const told = wrong ? t("practise.wrong") : t(round === 1 ? "practise.first" : "practise.second");
  return (
    <Screen ground="cloth" back={making ? "none" : "history"}>
      <Stitch still />
      <Slots filled={done} total={7} label={t("code.chosen", { count: done })} />
      {making && <Making />}
      {refusal && <Failed refusal={refusal} again={() => void make()} />}
      {!making && !refusal && (
        <>
          <p id="hint" class="told">
            {told}
          </p>
          <Pad
            heading="h1"
            askGroup={t("practise.group")}
            askPicture={t("practise.picture")}
            groups={t("code.groups")}
            undo={t("practise.look")}
            onPick={pick}
            onUndo={back}
            hint={round === 1 || wrong ? expected : null}
          />
        </>
      )}
    </Screen>
  );
}

export function Making() {
  return (
    <div class="ask" role="status">
      <h1>{t("practise.making")}</h1>
    </div>
  );
}

/** The pocket could not be made; what was practised stays. */
export function Failed({ refusal, again }: { refusal: Refusal; again: () => void }) {
  return (
    <div class="stack said">
      <Word icon="warning">{t(refusal.code === "storage-full" ? "practise.failed" : "practise.failedElse")}</Word>
      <Button kind="now" onPress={again}>
        {t("practise.retry")}
      </Button>
    </div>
  );
}

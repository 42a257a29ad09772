import { useState } from "preact/hooks";
import { back, startAt } from "../../../state/route.ts";
import { pocket, unlock } from "../../../state/session.ts";
import { CardEntry } from "../../parts/card-entry.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";
import { CardWaiting } from "../arrive/card-waiting.tsx";

/** Opening with the recovery card. Where the card has to wait it says until when; what is here stays here meanwhile. */
export function CardUnlock() {
  const [until, setUntil] = useState<number | null>(null);
  const cover = pocket.value;
  if (!cover) return null;
  if (until !== null) return <CardWaiting until={until} again={() => setUntil(null)} back={() => startAt("start")} />;
  return (
    <Screen ground="cloth" back={back}>
      <Stitch still />
      <h1>{t("cardopen.title")}</h1>
      <CardEntry
        busy={t("code.opening")}
        why={({ code }) => (code === "card-ended" ? t("restore.ended") : null)}
        onCard={async (rows) => {
          const refused = await unlock(cover.id, { kind: "card", rows });
          if (refused?.code !== "card-waits") return refused;
          setUntil(Date.now() + refused.seconds * 1000);
          return null;
        }}
      />
    </Screen>
  );
}

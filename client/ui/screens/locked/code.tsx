import { useState } from "preact/hooks";
import type { Code as GivenCode } from "../../../state/code-again.ts";
import { go, startAt } from "../../../state/route.ts";
import { pocket, unlock } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { CodeEntry } from "../../parts/code-entry.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";
import { LockedMenu } from "./menu.tsx";

/** The way in: seven pictures, or the words of a passphrase. */
export function Code() {
  const [menu, setMenu] = useState(false);
  const cover = pocket.value;
  if (!cover) return null;
  const open = (code: GivenCode) => unlock(cover.id, code);
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
      <CodeEntry heading="h1" busy={t("code.opening")} enter={t("code.open")} onCode={open} />
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

import { useState } from "preact/hooks";
import { dayInWords } from "../../../i18n/when.ts";
import { acceptDoorItem, binDoorItem, setDoor } from "../../../state/door.ts";
import { language } from "../../../state/language.ts";
import { cover, doorItems, entries } from "../../../state/lists.ts";
import { go } from "../../../state/route.ts";
import type { DoorItem } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SealedPicture } from "../../parts/sealed-picture.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./door.css";

/** What was left at the door, and the door itself: one press opens it, one press shuts it. */
export function Gifts() {
  const items = useList(doorItems);
  const own = useList(cover);
  const [trouble, setTrouble] = useState<string | null>(null);
  const tryTo = async (action: () => Promise<unknown>, done: string): Promise<boolean> => {
    try {
      await action();
      setTrouble(null);
      say(done);
      return true;
    } catch {
      setTrouble(t("gifts.failed"));
      return false;
    }
  };
  const accept = async (item: DoorItem): Promise<void> => {
    let document: string | null = null;
    const taken = await tryTo(async () => {
      document = await acceptDoorItem(item.id);
      await Promise.all([doorItems.refresh(), entries.refresh()]);
    }, t("gifts.accepted"));
    if (taken && document !== null) go("entry", { document });
  };
  const bin = async (item: DoorItem): Promise<void> => {
    await tryTo(async () => {
      await binDoorItem(item.id);
      await doorItems.refresh();
    }, t("gifts.binned"));
  };
  const turn = async (open: boolean): Promise<void> => {
    await tryTo(
      async () => {
        await setDoor(open);
        await cover.refresh();
      },
      t(open ? "gifts.doorOn" : "gifts.doorOff"),
    );
  };
  const open = own?.doorOpen ?? false;
  return (
    <Screen>
      <h1>{t("gifts.title")}</h1>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{trouble}</Word>
        </div>
      )}
      {items !== null && items.length > 0 ? (
        <p class="lead">{t("gifts.lead")}</p>
      ) : (
        <p class="lead">{items === null ? "" : t("gifts.empty")}</p>
      )}
      <ul class="gifts">
        {items?.map((item) => (
          <li key={item.id} class="paper">
            <p class="meta">
              {item.from.trim() === "" ? t("gifts.noName") : t("gifts.from", { name: item.from })} ·{" "}
              {dayInWords(item.at, Date.now(), language.value)}
            </p>
            {item.text !== "" && <p class="gift-text">{item.text}</p>}
            {item.photo !== null && <SealedPicture picture={item.photo} alt={t("things.picture")} />}
            <div class="equal">
              <Button kind="line" onPress={() => void bin(item)}>
                {t("gifts.bin")}
              </Button>
              <Button kind="line" onPress={() => void accept(item)}>
                {t("gifts.accept")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <section class="the-door" aria-label={t("gifts.doorTitle")}>
        <h2>{t("gifts.doorTitle")}</h2>
        <p>{t(open ? "gifts.doorOn" : "gifts.doorOff")}</p>
        <Button kind="line" icon="door" onPress={() => void turn(!open)}>
          {t(open ? "gifts.close" : "gifts.open")}
        </Button>
      </section>
    </Screen>
  );
}

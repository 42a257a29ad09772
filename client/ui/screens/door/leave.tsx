import { useRef, useState } from "preact/hooks";
import { leaveAtDoor } from "../../../state/door.ts";
import { covers, pocket } from "../../../state/session.ts";
import type { PocketCover } from "../../../state/types.ts";
import { vaultCode } from "../../../state/vault.ts";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { type TextKey, t } from "../../text.ts";
import "./leave.css";

const MAX_NAME = 64;
const MAX_TEXT = 20_000;

const texts: Readonly<Record<string, TextKey>> = {
  "door-closed": "leave.closed",
  "door-full": "leave.full",
  "bad-picture": "leave.badPicture",
  "storage-full": "leave.noRoom",
};

/** On the locked device: a text or a photo goes in, sealed at once. Nothing is opened, nothing is listed, nothing comes back. */
export function Leave() {
  const open = covers.value.filter(({ doorOpen }) => doorOpen);
  const inHand = open.find(({ id }) => id === pocket.value?.id) ?? open[0];
  const [chosen, setChosen] = useState<PocketCover["id"] | null>(null);
  const cover = open.find(({ id }) => id === chosen) ?? inHand;
  if (cover === undefined) {
    return (
      <Screen>
        <h1>{t("leave.title")}</h1>
        <Word icon="info">{t("leave.closed")}</Word>
      </Screen>
    );
  }
  return <LeaveForm cover={cover} open={open} onChoose={setChosen} />;
}

interface FormProps {
  readonly cover: PocketCover;
  readonly open: readonly PocketCover[];
  readonly onChoose: (id: PocketCover["id"]) => void;
}

function LeaveForm({ cover, open, onChoose }: FormProps) {
  const [text, setText] = useState("");
  const [from, setFrom] = useState("");
  const [photo, setPhoto] = useState<Blob | null>(null);
  const [state, setState] = useState<"writing" | "giving" | "given">("writing");
  const [trouble, setTrouble] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const empty = text.trim() === "" && photo === null;
  const give = async (): Promise<void> => {
    if (empty || state === "giving") return;
    setState("giving");
    setTrouble(null);
    try {
      await leaveAtDoor(cover.id, { from: from.trim(), text: text.trim(), photo });
      setText("");
      setPhoto(null);
      setState("given");
    } catch (error) {
      setTrouble(t(texts[vaultCode(error)] ?? "leave.failed"));
      setState("writing");
    }
  };
  if (state === "given") {
    return (
      <Screen
        hem={
          <Button kind="line" wide icon="plus" onPress={() => setState("writing")}>
            {t("leave.another")}
          </Button>
        }
      >
        <h1>{t("leave.title")}</h1>
        <div role="status">
          <Word icon="check">{t("leave.done")}</Word>
        </div>
      </Screen>
    );
  }
  return (
    <Screen
      hem={
        <Button kind="now" wide icon="inbox" off={empty || state === "giving"} onPress={() => void give()}>
          {t("leave.give")}
        </Button>
      }
    >
      <h1>{t("leave.title")}</h1>
      <p class="lead">{t("leave.lead")}</p>
      {trouble !== null && (
        <div role="alert">
          <Word icon="info">{trouble}</Word>
        </div>
      )}
      {open.length > 1 && (
        <Choice
          label={t("leave.which")}
          values={open.map(({ id, colour, stitch }) => ({
            value: id,
            word: `${t(`colour.${colour}`)}, ${t(`colour.${stitch}`)}`,
          }))}
          chosen={cover.id}
          onChoose={onChoose}
        />
      )}
      <div class="leave-fields">
        <label>
          <span class="label">{t("leave.text")}</span>
          <textarea
            class="field"
            maxLength={MAX_TEXT}
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <input
          ref={file}
          hidden
          type="file"
          accept="image/*"
          autocomplete="off"
          onChange={(event) => {
            setPhoto(event.currentTarget.files?.[0] ?? null);
            event.currentTarget.value = "";
          }}
        />
        {photo === null ? (
          <Button kind="line" icon="picture" onPress={() => file.current?.click()}>
            {t("leave.photo")}
          </Button>
        ) : (
          <>
            <p role="status">{t("leave.photoChosen")}</p>
            <Button kind="quiet" icon="close" onPress={() => setPhoto(null)}>
              {t("leave.photoOut")}
            </Button>
          </>
        )}
        <label>
          <span class="label">{t("leave.from")}</span>
          <input
            class="field"
            maxLength={MAX_NAME}
            autocomplete="off"
            spellcheck={false}
            value={from}
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        </label>
        <p class="meta">{t("leave.fromHint")}</p>
      </div>
    </Screen>
  );
}

import { useEffect, useRef, useState } from "preact/hooks";
import { pickerClosed, pickerOpened } from "../../../state/lock.ts";
import { bringCodes, brought, room, wasRefused } from "../../../state/room.ts";
import { go } from "../../../state/route.ts";
import { isChild } from "../../../state/session.ts";
import type { PocketRoom } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import type { IconName } from "../../parts/icon.tsx";
import { Facts, Word } from "../../parts/lists.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import { sentenceOf } from "./sentence.ts";
import "./room.css";

interface Fact {
  readonly icon: IconName;
  readonly text: string;
}

/** How much room there is with the server, how more of it comes, and a slip or a sheet of codes for it. */
export function MoreRoom() {
  const state = useList(room);
  const came = brought.value;
  useEffect(
    () => () => {
      brought.value = null;
    },
    [],
  );
  const refused = state !== null && wasRefused(state, came);
  return (
    <Screen>
      <h1>{t("room.title")}</h1>
      {state !== null && (
        <div class="room-used">
          <Used pocket={state.pocket} />
          {state.tokens > 0 && <Word icon="key">{t("room.tokens", { count: state.tokens })}</Word>}
        </div>
      )}
      <Facts facts={isChild.value ? forChild(state?.pocket ?? null) : forStaff()} />
      <Codes />
      <div role="status">
        {came !== null && (
          <Word icon={came.kind === "added" && !refused ? "check" : "info"}>
            {refused ? t("room.refused") : sentenceOf(came)}
          </Word>
        )}
      </div>
    </Screen>
  );
}

/** Who has room enough isn't told of more; a code is taken all the same, for the next circle. */
const forChild = (pocket: PocketRoom | null): readonly Fact[] => [
  ...(pocket === null || pocket.quota < pocket.most ? [{ icon: "people", text: t("room.lead") } as const] : []),
  { icon: "key", text: t("room.slip") },
];

const forStaff = (): readonly Fact[] => [
  { icon: "people", text: t("room.leadStaff") },
  { icon: "things", text: t("room.ownStaff") },
];

const MB = 1024 * 1024;

function Used({ pocket }: { pocket: PocketRoom | null }) {
  if (pocket === null) return <p class="small">{t("room.unknown")}</p>;
  const [used, quota] = [Math.ceil(pocket.bytes / MB), Math.floor(pocket.quota / MB)];
  const words = t("room.used", { used, quota });
  return (
    <>
      <progress max={pocket.quota} value={pocket.bytes} aria-label={words} />
      <p class="small">
        {words} {pocket.quota >= pocket.most && t("room.enough")}
      </p>
    </>
  );
}

function Codes() {
  const [typed, setTyped] = useState("");
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const chosen = file.current;
    chosen?.addEventListener("cancel", pickerClosed);
    return () => chosen?.removeEventListener("cancel", pickerClosed);
  }, []);
  const use = async (text: string): Promise<void> => {
    const { kind } = await bringCodes(text);
    if (kind === "added" || kind === "known") setTyped("");
  };
  return (
    <form
      class="room-codes"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== "") void use(typed);
      }}
    >
      <Button kind="line" icon="camera" onPress={() => go("room-scan")}>
        {t("room.scan")}
      </Button>
      {!isChild.value && (
        <Button
          kind="line"
          icon="inbox"
          onPress={() => {
            pickerOpened();
            file.current?.click();
          }}
        >
          {t("room.file")}
        </Button>
      )}
      <input
        ref={file}
        hidden
        type="file"
        accept=".txt,text/plain"
        autocomplete="off"
        onChange={async ({ currentTarget }) => {
          pickerClosed();
          const [sheet] = currentTarget.files ?? [];
          if (sheet !== undefined) await use(await sheet.text());
          currentTarget.value = "";
        }}
      />
      <label>
        <span class="label">{t("room.fieldLabel")}</span>
        <textarea
          class="field"
          rows={isChild.value ? 2 : 4}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="btn act" aria-disabled={typed.trim() === ""}>
        {t(isChild.value ? "room.use" : "room.keep")}
      </button>
    </form>
  );
}

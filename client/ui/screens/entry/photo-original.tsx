import { useState } from "preact/hooks";
import type { OpenEntry, OwnPhoto } from "../../../state/entry.ts";
import { language } from "../../../state/language.ts";
import type { CodeGate } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/lists.tsx";
import { say } from "../../parts/live.tsx";
import { type TextKey, t } from "../../text.ts";

interface PhotoOriginalProps {
  readonly entry: OpenEntry;
  readonly photo: OwnPhoto;
  readonly gate: CodeGate;
}

/** The file a photo was made of: what it tells, taking it out of Lomme (with the code), deleting it. Nothing where there is none. */
export function PhotoOriginal({ entry, photo, gate }: PhotoOriginalProps) {
  const [told, setTold] = useState<TextKey | null>(null);
  const tell = (key: TextKey): void => {
    setTold(key);
    say(t(key));
  };
  const { original, full } = photo;
  if (told !== null) return <p>{t(told)}</p>;
  if (original === null) return null;
  const take = async (): Promise<void> => {
    const file = await entry.takeOriginal(full.blob);
    handOver(file);
    tell("original.taken");
  };
  const tells: readonly TextKey[] =
    original.tells.length === 0 ? ["original.nothing"] : original.tells.map((one) => `original.tells.${one}` as const);
  return (
    <>
      <p>{t("original.have", { size: sizeInWords(original.bytes) })}</p>
      <Facts facts={tells.map((key) => ({ icon: "info", text: t(key) }))} />
      <div class="decide">
        <Button kind="line" icon="copy" onPress={() => void gate.run(take, () => tell("original.failed"))}>
          {t("original.take")}
        </Button>
        <Button
          kind="line"
          icon="bin"
          onPress={() =>
            void entry.removeOriginal(full.blob).then(
              () => tell("original.gone"),
              () => tell("original.failed"),
            )
          }
        >
          {t("original.remove")}
        </Button>
      </div>
    </>
  );
}

const sizeInWords = (bytes: number): string =>
  new Intl.NumberFormat(language.value, {
    style: "unit",
    unit: "megabyte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  }).format(Math.max(0.1, bytes / 1_000_000));

const ENDINGS: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/gif": "gif",
  "image/heic": "heic",
};

/** Into the device's downloads, under a name that says nothing. */
function handOver(file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = `foto.${ENDINGS[file.type] ?? "jpg"}`;
  link.click();
  // The download has begun by then; the bytes shall not stay in the page.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

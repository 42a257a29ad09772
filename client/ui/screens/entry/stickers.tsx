import { useState } from "preact/hooks";
import type { OpenEntry } from "../../../state/entry.ts";
import { joinNames } from "../../names.ts";
import { moveAmongTiles } from "../../parts/arrows.ts";
import { Icon } from "../../parts/icon.tsx";
import { Picture } from "../../parts/picture.tsx";
import { Rise } from "../../parts/rise.tsx";
import { pictureName, t } from "../../text.ts";
import { ToolButton } from "./tool-button.tsx";

const PICTURES = 64;

/** The tool on the hem: all pictures in one field; each press puts one on, and the field stays. */
export function StickerTool({ entry }: { entry: OpenEntry }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <ToolButton icon="sticker" label={t("stickers.tool")} onPress={() => setOpen(true)} />
      {open && (
        <Rise title={t("stickers.title")} onClose={() => setOpen(false)}>
          <p class="vh" role="status">
            {joinNames(entry.stickers.value.map(pictureName))}
          </p>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys come from the tiles in it */}
          <div class="sticker-field" onKeyDown={moveAmongTiles}>
            {Array.from({ length: PICTURES }, (_, picture) => (
              <button
                key={picture}
                type="button"
                aria-label={pictureName(picture)}
                onClick={() => {
                  entry.addSticker(picture);
                  setOpen(false);
                }}
              >
                <Picture picture={picture} />
              </button>
            ))}
          </div>
        </Rise>
      )}
    </>
  );
}

/** Those that are on it. A press takes one off again. */
export function Stickers({ entry }: { entry: OpenEntry }) {
  const on = entry.stickers.value;
  if (on.length === 0) return null;
  return (
    <ul class="stickers" aria-label={t("stickers.title")}>
      {on.map((picture, place) => (
        <li key={`${place} ${picture}`}>
          <button
            type="button"
            aria-label={t("stickers.off", { picture: pictureName(picture) })}
            onClick={() => entry.removeSticker(place)}
          >
            <Picture picture={picture} />
            <span class="sticker-off" aria-hidden="true">
              <Icon name="close" small />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

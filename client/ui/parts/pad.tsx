import { useState } from "preact/hooks";
import { groupName, pictureName } from "../text.ts";
import { moveAmongTiles } from "./arrows.ts";
import { Icon, type IconName } from "./icon.tsx";
import { say } from "./live.tsx";
import { SewnButton } from "./marks.tsx";
import { Picture } from "./picture.tsx";
import { SpeakButton } from "./speak-button.tsx";

const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** The slots of a code: small pockets that fill with sewn-on buttons, so that nobody reads the code off them. */
export function Slots({ filled, total, label }: { filled: number; total: number; label: string }) {
  return (
    <div class="slots" role="img" aria-label={label}>
      {Array.from({ length: total }, (_, index) => (
        <i key={`slot ${index + 1}`} class={index < filled ? "on" : index === filled ? "next" : ""}>
          {index < filled && <SewnButton />}
        </i>
      ))}
    </div>
  );
}

export interface PadProps {
  /** The two questions, as this screen words them: which group, then which picture. */
  readonly askGroup: string;
  readonly askPicture: string;
  readonly groups: string;
  readonly undo: string;
  readonly onPick: (picture: number) => void;
  readonly onUndo?: (() => void) | undefined;
  /** While practising the ninth place shows them again instead. */
  readonly undoIcon?: IconName;
  /** The picture to point out while practising. */
  readonly hint?: number | null;
  /** h1 where the question is the screen's own title. */
  readonly heading?: "h1" | "h2";
}

/**
 * Chooses one of the 64 pictures in two taps: eight groups, then eight pictures, always in the same places. The tiles
 * are reused from one question to the next, so that the keyboard's focus stays where it was.
 */
export function Pad(props: PadProps) {
  const { askGroup, askPicture, groups, undo, undoIcon = "undo", onPick, onUndo, hint = null, heading = "h2" } = props;
  const [group, setGroup] = useState<number | null>(null);
  const Heading = heading;
  const question = group === null ? askGroup : askPicture;
  const press = (index: number) => {
    if (group === null) {
      setGroup(index);
      say(askPicture);
      return;
    }
    setGroup(null);
    onPick(group * 8 + index);
  };
  return (
    <>
      <div class="ask">
        <Heading>{question}</Heading>
        <SpeakButton text={question} />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys come from the tiles in it */}
      <div
        class={group === null ? "pad" : "pad pics"}
        data-stage={group === null ? "groups" : "pictures"}
        onKeyDown={moveAmongTiles}
      >
        {eight.map((index) => {
          const picture = group === null ? index * 8 : group * 8 + index;
          const pointed = hint !== null && (group === null ? Math.floor(hint / 8) === index : hint === picture);
          return (
            <button
              key={index}
              type="button"
              onClick={() => press(index)}
              {...(pointed ? { "data-hint": "", "aria-describedby": "hint" } : {})}
              {...(group === null ? {} : { "aria-label": pictureName(picture) })}
            >
              <Picture picture={picture} />
              {group === null && <span>{groupName(index)}</span>}
            </button>
          );
        })}
        {group !== null ? (
          <button type="button" class="undo" onClick={() => setGroup(null)}>
            <Icon name="groups" />
            <span>{groups}</span>
          </button>
        ) : (
          onUndo && (
            <button type="button" class="undo" onClick={onUndo}>
              <Icon name={undoIcon} />
              <span>{undo}</span>
            </button>
          )
        )}
      </div>
    </>
  );
}

import { pictureName, t } from "../text.ts";
import { Button } from "./button.tsx";
import { Facts } from "./lists.tsx";
import { NamedPicture } from "./picture.tsx";
import { Screen } from "./screen.tsx";
import { SpeakButton } from "./speak-button.tsx";
import { Stitch } from "./stitch.tsx";

export interface MyPicturesProps {
  /** Seven, in order; empty until they are drawn. */
  readonly pictures: readonly number[];
  /** Null when they were drawn anew already: choosing among many draws would make codes easier to guess. */
  readonly onDrawAgain: (() => void) | null;
  /** The other kind of code; null where there is none. */
  readonly onWords: (() => void) | null;
  readonly onPractise: () => void;
  readonly back?: () => void;
}

/** The seven pictures that open the pocket: drawn by the app, since chosen ones would be favourites and easy to guess. */
export function MyPictures({ pictures, onDrawAgain, onWords, onPractise, back }: MyPicturesProps) {
  return (
    <Screen
      ground="cloth"
      back={back ?? "history"}
      hem={
        <>
          {onDrawAgain !== null ? (
            <Button kind="quiet" icon="again" onPress={onDrawAgain}>
              {t("pictures.again")}
            </Button>
          ) : (
            onWords !== null && (
              <Button kind="quiet" onPress={onWords}>
                {t("pictures.words")}
              </Button>
            )
          )}
          <Button kind="now" off={pictures.length === 0} onPress={onPractise}>
            {t("pictures.practise")}
          </Button>
        </>
      }
    >
      <Stitch still />
      <div class="spoken">
        <h1>{t("pictures.title")}</h1>
        <SpeakButton text={`${t("pictures.title")}: ${pictures.map(pictureName).join(". ")}`} />
      </div>
      <p class="lead">{t("pictures.lead")}</p>
      <ol class="mine">
        {pictures.map((picture, index) => (
          <li key={index}>
            <NamedPicture picture={picture} />
          </li>
        ))}
      </ol>
      <div class="cloth last">
        <Facts
          facts={[
            { icon: "key", text: t("pictures.forget") },
            { icon: "clock", text: t("pictures.hold") },
          ]}
        />
      </div>
    </Screen>
  );
}

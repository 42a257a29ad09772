import { useEffect } from "preact/hooks";
import { drawAgain, drawPictures, mayDrawAgain, pictures } from "../../../state/first-run.ts";
import { go } from "../../../state/route.ts";
import { Button } from "../../parts/button.tsx";
import { Facts } from "../../parts/lists.tsx";
import { NamedPicture } from "../../parts/picture.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { pictureName, t } from "../../text.ts";

/** The seven pictures that open the pocket: drawn by the app, since chosen ones would be favourites and easy to guess. */
export function MyPictures() {
  useEffect(() => {
    void drawPictures();
  }, []);
  const aloud = pictures.value.map(pictureName).join(", ");
  return (
    <Screen
      ground="cloth"
      hem={
        <>
          {mayDrawAgain.value ? (
            <Button kind="quiet" icon="again" onPress={() => void drawAgain()}>
              {t("pictures.again")}
            </Button>
          ) : (
            <Button kind="quiet" onPress={() => go("passphrase")}>
              {t("pictures.words")}
            </Button>
          )}
          <Button kind="now" off={pictures.value.length === 0} onPress={() => go("practise")}>
            {t("pictures.practise")}
          </Button>
        </>
      }
    >
      <Stitch still />
      <div class="spoken">
        <h1>{t("pictures.title")}</h1>
        <SpeakButton text={`${t("pictures.title")}: ${aloud}`} />
      </div>
      <p class="lead">{t("pictures.lead")}</p>
      <ol class="mine">
        {pictures.value.map((picture, index) => (
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

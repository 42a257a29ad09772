import { useEffect } from "preact/hooks";
import { chosenColour, chosenLook } from "../../../state/first-run.ts";
import { go } from "../../../state/route.ts";
import { dress, stitch } from "../../../state/session.ts";
import { Button } from "../../parts/button.tsx";
import { warmPictures } from "../../parts/picture.tsx";
import { PocketChoice } from "../../parts/pocket-choice.tsx";
import { Screen } from "../../parts/screen.tsx";
import { SpeakButton } from "../../parts/speak-button.tsx";
import { Stitch } from "../../parts/stitch.tsx";
import { t } from "../../text.ts";

/** The colour and the stitch of my pocket: both, so that two pockets differ in more than colour. */
export function ChooseColour() {
  // Beside another's pocket the page still wears that one's colour.
  useEffect(() => {
    dress(chosenColour.value);
    warmPictures();
  }, []);
  return (
    <Screen
      hem={
        <Button kind="now" wide onPress={() => go(chosenLook.value === "quiet" ? "passphrase" : "pictures")}>
          {t("colour.next")}
        </Button>
      }
    >
      <div class="spoken">
        <h1>{t("colour.title")}</h1>
        <SpeakButton text={t("colour.title")} />
      </div>
      <div class="making">
        <Stitch />
      </div>
      <PocketChoice
        colour={chosenColour.value}
        stitch={stitch.value}
        onColour={(colour) => {
          chosenColour.value = colour;
          dress(colour);
        }}
        onStitch={(chosen) => {
          stitch.value = chosen;
        }}
      />
    </Screen>
  );
}

import { useEffect } from "preact/hooks";
import { drawAgain, drawPictures, mayDrawAgain, pictures } from "../../../state/first-run.ts";
import { go } from "../../../state/route.ts";
import { MyPictures } from "../../parts/my-pictures.tsx";
import { readyInside } from "./ready-inside.ts";

/** The pictures of the new pocket. */
export function FirstPictures() {
  useEffect(() => {
    void drawPictures();
    readyInside();
  }, []);
  return (
    <MyPictures
      pictures={pictures.value}
      onDrawAgain={mayDrawAgain.value ? () => void drawAgain() : null}
      onWords={() => go("passphrase")}
      onPractise={() => go("practise")}
    />
  );
}

import { useEffect } from "preact/hooks";
import { makePocket, role } from "../../../state/first-run.ts";
import { go, startAt } from "../../../state/route.ts";
import { ChoosePassphrase } from "../../parts/choose-passphrase.tsx";
import { pocketWords } from "../../parts/practise-pictures.tsx";
import { readyInside } from "./ready-inside.ts";

/** The new pocket's passphrase; then it is made. */
export function Passphrase() {
  const isChild = role.value === "child";
  useEffect(readyInside, []);
  const make = async (passphrase: string) => {
    const refused = await makePocket({ kind: "passphrase", passphrase });
    if (refused === null) startAt(isChild ? "first-thing" : "your-name");
    return refused;
  };
  return <ChoosePassphrase words={pocketWords} onChosen={make} onPictures={isChild ? () => go("pictures") : null} />;
}

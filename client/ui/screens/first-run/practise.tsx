import { makePocket, pictures } from "../../../state/first-run.ts";
import { back, startAt } from "../../../state/route.ts";
import { PractisePictures, pocketWords } from "../../parts/practise-pictures.tsx";

/** Practising the new pocket's pictures; then it is made. */
export function Practise() {
  const make = async () => {
    const refused = await makePocket({ kind: "pictures", pictures: pictures.value });
    if (refused === null) startAt("first-thing");
    return refused;
  };
  return <PractisePictures pictures={pictures.value} words={pocketWords} onLearnt={make} onLook={back} />;
}

export { ChooseColour } from "./colour.tsx";
export { HandOver } from "./hand-over.tsx";
export { ChooseCountry, ChooseLanguage } from "./language.tsx";
export { ChooseLook } from "./look.tsx";
export { Passphrase } from "./passphrase.tsx";
export { FirstPictures } from "./pictures.tsx";
export { Practise } from "./practise.tsx";
export { WhoAreYou } from "./who.tsx";

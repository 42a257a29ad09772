/** The steps after the pocket was made. They are asked for while the code is chosen: the page carries less before that. */
export { Card } from "./card.tsx";
export { CardTry } from "./card-try.tsx";
export { CloseAndOpen } from "./close-and-open.tsx";
export { FirstThing } from "./first-thing.tsx";
export { YourName } from "./your-name.tsx";

export { Book } from "./book.tsx";
export { BringIn } from "./bring-in.tsx";
export { TakeAlong } from "./take-along.tsx";
export { TakeCopy } from "./take-copy.tsx";

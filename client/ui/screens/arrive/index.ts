export { Arrive } from "./arrive.tsx";
export { LinkTake } from "./link-take.tsx";
export { Restore } from "./restore.tsx";

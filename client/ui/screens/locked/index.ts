export { CardUnlock } from "./card-unlock.tsx";
export { Code } from "./code.tsx";
export { Help } from "./help.tsx";
export { Start } from "./start.tsx";

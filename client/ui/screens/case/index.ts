export { Case } from "./case.tsx";
export { CaseThing } from "./case-thing.tsx";
export { Meetings } from "./meetings.tsx";
export { Papers } from "./papers.tsx";
export { Rights } from "./rights.tsx";

export { Case } from "./case.tsx";
export { CaseThing } from "./case-thing.tsx";

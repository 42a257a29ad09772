export { Again } from "./again.tsx";
export { Compare } from "./compare.tsx";
export { OnePerson } from "./one-person.tsx";
export { Pair } from "./pair.tsx";
export { PairCode } from "./pair-code.tsx";
export { PairLink } from "./pair-link.tsx";
export { PairScan } from "./pair-scan.tsx";
export { People } from "./people.tsx";

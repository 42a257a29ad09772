export { SecondCode } from "./second-code.tsx";

/** The life story, its stops, and the page about me, loaded together. */
export { Life } from "./life.tsx";
export { Me } from "./me.tsx";
export { Topic } from "./me-topic.tsx";
export { Stop } from "./stop.tsx";

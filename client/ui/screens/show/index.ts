export { OneShare } from "./one-share.tsx";
export { Show } from "./show.tsx";
export { ShowTo } from "./show-to.tsx";
export { Shown } from "./shown.tsx";

export { CardWaits } from "./card-waits.tsx";
export { DeviceLost } from "./device-lost.tsx";
export { Devices } from "./devices.tsx";
export { LinkGive } from "./link-give.tsx";

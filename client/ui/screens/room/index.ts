export { MoreRoom } from "./more-room.tsx";
export { RoomScan } from "./room-scan.tsx";

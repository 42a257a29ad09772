/**
 * The screens behind the route table: each is its own chunk but the very first ones, so that the page carries before
 * unlocking only what can be shown before unlocking.
 */
import type { ComponentType } from "preact";
import type { RouteParams } from "../state/route.ts";
import type { RouteId } from "../state/route-table.ts";

export type ScreenComponent = ComponentType<{ params: RouteParams }>;

const lockedSide = () => import("./screens/locked/index.ts");
const firstRun = () => import("./screens/first-run/index.ts");
const firstInside = () => import("./screens/first-run/inside.ts");
const arriving = () => import("./screens/arrive/index.ts");
const deviceSide = () => import("./screens/devices/index.ts");
const peopleSide = () => import("./screens/people/index.ts");
const secondCode = () => import("./screens/show-this/index.ts");
const roomSide = () => import("./screens/room/index.ts");
const settingsSide = () => import("./screens/settings/index.ts");
const takingAlong = () => import("./screens/take-along/index.ts");
const lifeSide = () => import("./screens/life/index.ts");
const caseSide = () => import("./screens/case/index.ts");
const showing = () => import("./screens/show/index.ts");

export const screens: Record<RouteId, () => Promise<ScreenComponent>> = {
  start: async () => (await lockedSide()).Start,
  code: async () => (await lockedSide()).Code,
  "card-unlock": async () => (await lockedSide()).CardUnlock,
  leave: async () => (await import("./screens/door/leave.tsx")).Leave,
  arrive: async () => (await arriving()).Arrive,
  restore: async () => (await arriving()).Restore,
  "link-take": async () => (await arriving()).LinkTake,
  help: async () => (await lockedSide()).Help,

  language: async () => (await firstRun()).ChooseLanguage,
  country: async () => (await firstRun()).ChooseCountry,
  who: async () => (await firstRun()).WhoAreYou,
  handover: async () => (await firstRun()).HandOver,
  look: async () => (await firstRun()).ChooseLook,
  colour: async () => (await firstRun()).ChooseColour,
  pictures: async () => (await firstRun()).FirstPictures,
  practise: async () => (await firstRun()).Practise,
  passphrase: async () => (await firstRun()).Passphrase,
  "first-thing": async () => (await firstInside()).FirstThing,
  "your-name": async () => (await firstInside()).YourName,
  "close-and-open": async () => (await firstInside()).CloseAndOpen,
  card: async () => (await firstInside()).Card,
  "card-try": async () => (await firstInside()).CardTry,

  home: async () => (await import("./screens/home/home.tsx")).Home,
  things: async () => (await import("./screens/timeline/things.tsx")).Things,
  search: async () => (await import("./screens/search/search.tsx")).Search,
  entry: async () => (await import("./screens/entry/entry.tsx")).Entry,
  draw: async () => (await import("./screens/draw/draw.tsx")).Draw,
  "put-away": async () => (await import("./screens/timeline/put-away.tsx")).PutAway,
  wishes: async () => (await import("./screens/timeline/wishes.tsx")).Wishes,
  calendar: async () => (await import("./screens/timeline/calendar.tsx")).Calendar,
  wall: async () => (await import("./screens/timeline/wall.tsx")).Wall,
  memories: async () => (await import("./screens/timeline/memories.tsx")).MemorySettings,
  life: async () => (await lifeSide()).Life,
  "life-stop": async () => (await lifeSide()).Stop,
  me: async () => (await lifeSide()).Me,
  "me-topic": async () => (await lifeSide()).Topic,
  people: async () => (await peopleSide()).People,
  person: async () => (await peopleSide()).OnePerson,
  again: async () => (await peopleSide()).Again,
  pair: async () => (await peopleSide()).Pair,
  "pair-code": async () => (await peopleSide()).PairCode,
  "pair-scan": async () => (await peopleSide()).PairScan,
  "pair-link": async () => (await peopleSide()).PairLink,
  compare: async () => (await peopleSide()).Compare,
  "show-to": async () => (await showing()).ShowTo,
  show: async () => (await showing()).Show,
  shown: async () => (await showing()).Shown,
  share: async () => (await showing()).OneShare,
  "received-thing": async () => (await import("./screens/received/received-thing.tsx")).ReceivedThing,
  case: async () => (await caseSide()).Case,
  "case-thing": async () => (await caseSide()).CaseThing,
  meetings: async () => (await caseSide()).Meetings,
  papers: async () => (await caseSide()).Papers,
  rights: async () => (await caseSide()).Rights,
  together: async () => (await import("./screens/joint/together.tsx")).Together,
  "joint-page": async () => (await import("./screens/joint/joint-page.tsx")).JointPage,
  gifts: async () => (await import("./screens/door/gifts.tsx")).Gifts,
  "desk-item": async () => (await import("./screens/desk/desk.tsx")).DeskItem,
  "device-lost": async () => (await deviceSide()).DeviceLost,
  devices: async () => (await deviceSide()).Devices,
  "link-give": async () => (await deviceSide()).LinkGive,
  "card-waits": async () => (await deviceSide()).CardWaits,
  "new-code": async () => (await import("./screens/new-code.tsx")).NewCode,
  "second-code": async () => (await secondCode()).SecondCode,
  passkey: async () => (await import("./screens/ways-in/passkey.tsx")).PasskeyScreen,
  settings: async () => (await settingsSide()).Settings,
  "settings-look": async () => (await settingsSide()).SettingsLook,
  "settings-language": async () => (await settingsSide()).SettingsLanguage,
  "settings-safety": async () => (await settingsSide()).SettingsSafety,
  storage: async () => (await settingsSide()).Storage,
  "more-room": async () => (await roomSide()).MoreRoom,
  "room-scan": async () => (await roomSide()).RoomScan,
  about: async () => (await settingsSide()).About,
  "about-access": async () => (await settingsSide()).Statement,
  "about-licences": async () => (await settingsSide()).Licences,
  "home-screen": async () => (await import("./screens/settings/home-screen.tsx")).HomeScreen,
  "take-along": async () => (await takingAlong()).TakeAlong,
  "take-copy": async () => (await takingAlong()).TakeCopy,
  "bring-in": async () => (await takingAlong()).BringIn,
  book: async () => (await takingAlong()).Book,
};

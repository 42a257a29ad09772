/**
 * Every screen of the product, in one table: its id and on which side of the lock it may be seen. The loaders stand
 * beside it in `client/ui/screens.ts` (the compiler wants one for each id), and the gallery and the accessibility test
 * walk this table, so a screen that isn't here can't be shown and one that is here is looked at.
 *
 * The address bar always says `/`: which screen and which document is kept in memory only, so that a browser's history
 * tells nothing but that Lomme was open. Only an invitation comes in by address, behind `#`, and is taken away at once.
 */
export type Side =
  /** no pocket is open (some screens need none on this device either) */
  | "locked"
  /** a pocket is open */
  | "open"
  /** both */
  | "any";

export interface Entry {
  readonly side: Side;
  /** The story in tests/gallery that leads to this screen. */
  readonly gallery: string;
  /** Never shown in the small pocket that a second code opens: it has nobody, no server and no code of its own. */
  readonly notInSide?: true;
}

export const routes = {
  // the locked side
  start: { side: "locked", gallery: "start" },
  code: { side: "locked", gallery: "code" },
  "card-unlock": { side: "locked", gallery: "card-unlock" },
  leave: { side: "locked", gallery: "leave" },
  help: { side: "any", gallery: "help" },
  arrive: { side: "locked", gallery: "arrive" },
  restore: { side: "locked", gallery: "arrive" },
  "link-take": { side: "locked", gallery: "arrive" },

  // the first run
  language: { side: "locked", gallery: "first-run" },
  country: { side: "locked", gallery: "first-run-english" },
  who: { side: "locked", gallery: "first-run" },
  handover: { side: "locked", gallery: "first-run" },
  look: { side: "locked", gallery: "first-run" },
  colour: { side: "locked", gallery: "first-run" },
  pictures: { side: "locked", gallery: "first-run" },
  practise: { side: "locked", gallery: "first-run" },
  passphrase: { side: "locked", gallery: "first-run-young" },
  "first-thing": { side: "open", gallery: "first-run", notInSide: true },
  "your-name": { side: "open", gallery: "first-run-staff", notInSide: true },
  "close-and-open": { side: "open", gallery: "first-run", notInSide: true },
  card: { side: "open", gallery: "card", notInSide: true },
  "card-try": { side: "open", gallery: "card", notInSide: true },

  // inside
  home: { side: "open", gallery: "home" },
  things: { side: "open", gallery: "things" },
  search: { side: "open", gallery: "things" },
  entry: { side: "open", gallery: "entry" },
  draw: { side: "open", gallery: "entry" },
  "put-away": { side: "open", gallery: "things" },
  wishes: { side: "open", gallery: "wishes" },
  calendar: { side: "open", gallery: "life" },
  wall: { side: "open", gallery: "life" },
  memories: { side: "open", gallery: "life" },
  life: { side: "open", gallery: "life" },
  "life-stop": { side: "open", gallery: "life" },
  me: { side: "open", gallery: "life" },
  "me-topic": { side: "open", gallery: "life" },
  people: { side: "open", gallery: "people", notInSide: true },
  person: { side: "open", gallery: "people", notInSide: true },
  again: { side: "open", gallery: "again", notInSide: true },
  pair: { side: "open", gallery: "pair", notInSide: true },
  "pair-code": { side: "open", gallery: "pair", notInSide: true },
  "pair-scan": { side: "open", gallery: "pair", notInSide: true },
  "pair-link": { side: "open", gallery: "pair", notInSide: true },
  compare: { side: "open", gallery: "pair", notInSide: true },
  "show-to": { side: "open", gallery: "show", notInSide: true },
  show: { side: "open", gallery: "show", notInSide: true },
  shown: { side: "open", gallery: "show", notInSide: true },
  share: { side: "open", gallery: "show", notInSide: true },
  "received-thing": { side: "open", gallery: "received", notInSide: true },
  case: { side: "open", gallery: "show", notInSide: true },
  "case-thing": { side: "open", gallery: "show", notInSide: true },
  meetings: { side: "open", gallery: "show", notInSide: true },
  papers: { side: "open", gallery: "show", notInSide: true },
  rights: { side: "open", gallery: "show", notInSide: true },
  together: { side: "open", gallery: "together", notInSide: true },
  "joint-page": { side: "open", gallery: "together", notInSide: true },
  gifts: { side: "open", gallery: "gifts", notInSide: true },
  "desk-item": { side: "open", gallery: "desk", notInSide: true },
  settings: { side: "open", gallery: "settings" },
  "settings-look": { side: "open", gallery: "settings" },
  "settings-language": { side: "open", gallery: "settings" },
  "settings-safety": { side: "open", gallery: "settings" },
  storage: { side: "open", gallery: "settings", notInSide: true },
  "more-room": { side: "open", gallery: "settings", notInSide: true },
  "room-scan": { side: "open", gallery: "settings", notInSide: true },
  about: { side: "open", gallery: "settings" },
  "about-access": { side: "open", gallery: "settings" },
  "about-licences": { side: "open", gallery: "settings" },
  "home-screen": { side: "any", gallery: "home-screen" },
  "take-along": { side: "open", gallery: "take-along", notInSide: true },
  "take-copy": { side: "open", gallery: "take-along", notInSide: true },
  "bring-in": { side: "open", gallery: "take-along", notInSide: true },
  book: { side: "open", gallery: "take-along", notInSide: true },
  devices: { side: "open", gallery: "devices", notInSide: true },
  "device-lost": { side: "open", gallery: "devices", notInSide: true },
  "link-give": { side: "open", gallery: "devices", notInSide: true },
  "card-waits": { side: "open", gallery: "devices", notInSide: true },
  "second-code": { side: "open", gallery: "second-code", notInSide: true },
  passkey: { side: "open", gallery: "second-code", notInSide: true },
  "new-code": { side: "open", gallery: "new-code", notInSide: true },
} as const satisfies Record<string, Entry>;

export type RouteId = keyof typeof routes;

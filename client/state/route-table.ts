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

interface Entry {
  readonly side: Side;
  /** The story in tests/gallery that leads to this screen. */
  readonly gallery: string;
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
  "first-thing": { side: "open", gallery: "first-run" },
  "your-name": { side: "open", gallery: "first-run-staff" },
  "close-and-open": { side: "open", gallery: "first-run" },
  card: { side: "open", gallery: "card" },
  "card-try": { side: "open", gallery: "card" },

  // inside
  home: { side: "open", gallery: "home" },
  things: { side: "open", gallery: "things" },
  search: { side: "open", gallery: "things" },
  entry: { side: "open", gallery: "entry" },
  draw: { side: "open", gallery: "entry" },
  "put-away": { side: "open", gallery: "things" },
  wishes: { side: "open", gallery: "wishes" },
  people: { side: "open", gallery: "people" },
  person: { side: "open", gallery: "people" },
  again: { side: "open", gallery: "again" },
  pair: { side: "open", gallery: "pair" },
  "pair-code": { side: "open", gallery: "pair" },
  "pair-scan": { side: "open", gallery: "pair" },
  "pair-link": { side: "open", gallery: "pair" },
  compare: { side: "open", gallery: "pair" },
  "show-to": { side: "open", gallery: "show" },
  show: { side: "open", gallery: "show" },
  shown: { side: "open", gallery: "show" },
  share: { side: "open", gallery: "show" },
  together: { side: "open", gallery: "together" },
  "joint-page": { side: "open", gallery: "together" },
  gifts: { side: "open", gallery: "gifts" },
  "desk-item": { side: "open", gallery: "desk" },
  settings: { side: "open", gallery: "settings" },
  devices: { side: "open", gallery: "devices" },
  "link-give": { side: "open", gallery: "devices" },
  "card-waits": { side: "open", gallery: "devices" },
  "new-code": { side: "open", gallery: "new-code" },
} as const satisfies Record<string, Entry>;

export type RouteId = keyof typeof routes;

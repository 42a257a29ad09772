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

export const screens: Record<RouteId, () => Promise<ScreenComponent>> = {
  start: async () => (await lockedSide()).Start,
  code: async () => (await lockedSide()).Code,
  "card-unlock": async () => (await lockedSide()).CardUnlock,
  leave: async () => (await lockedSide()).Leave,
  help: async () => (await lockedSide()).Help,

  language: async () => (await firstRun()).ChooseLanguage,
  country: async () => (await firstRun()).ChooseCountry,
  who: async () => (await firstRun()).WhoAreYou,
  handover: async () => (await firstRun()).HandOver,
  look: async () => (await firstRun()).ChooseLook,
  colour: async () => (await firstRun()).ChooseColour,
  pictures: async () => (await firstRun()).MyPictures,
  practise: async () => (await firstRun()).Practise,
  passphrase: async () => (await firstRun()).Passphrase,
  "first-thing": async () => (await firstRun()).FirstThing,
  "your-name": async () => (await firstRun()).YourName,
  "close-and-open": async () => (await firstRun()).CloseAndOpen,
  card: async () => (await firstRun()).Card,
  "card-try": async () => (await firstRun()).CardTry,

  home: async () => (await import("./screens/home.tsx")).Home,
  settings: async () => (await import("./screens/settings.tsx")).Settings,
};

// Writes client/ui/pictures/signs.svg: what a life story and the page about me are told with where one doesn't write (Fluent
// Emoji flat, MIT), as symbols by our own names. A name stands in documents: never change what it means. Their words are
// `sign.*` in client/i18n/inside, the choice for each place is client/ui/screens/life/signs.ts. Run `node tools/signs.mjs`.
import { readFileSync, writeFileSync } from "node:fs";

/** our name → the set's */
const SIGNS = {
  star: "glowing-star",
  baby: "baby",
  mum: "woman",
  dad: "man",
  grandma: "old-woman",
  grandpa: "old-man",
  sibling: "children-crossing",
  friends: "handshake",
  teacher: "teacher",
  school: "school",
  move: "package",
  hospital: "hospital",
  holiday: "beach-with-umbrella",
  birthday: "birthday-cake",
  dog: "dog-face",
  cat: "cat-face",
  horse: "horse-face",
  football: "soccer-ball",
  bike: "bicycle",
  music: "musical-notes",
  draw: "artist-palette",
  games: "video-game",
  swim: "person-swimming",
  book: "open-book",
  outside: "deciduous-tree",
  hug: "people-hugging",
  quiet: "shushing-face",
  headphones: "headphone",
  bed: "bed",
  teddy: "teddy-bear",
  lamp: "light-bulb",
  dark: "night-with-stars",
  bath: "bathtub",
  walk: "person-walking",
  shout: "loudspeaker",
  crowd: "busts-in-silhouette",
  touch: "raised-hand",
  hurry: "stopwatch",
  surprise: "wrapped-gift",
  pizza: "pizza",
  pasta: "spaghetti",
  rice: "cooked-rice",
  soup: "pot-of-food",
  milk: "glass-of-milk",
  fruit: "red-apple",
  greens: "broccoli",
  egg: "egg",
  pancakes: "pancakes",
  ice: "soft-ice-cream",
  meat: "meat-on-bone",
  fish: "fish",
  moon: "crescent-moon",
  clock: "alarm-clock",
  door: "door",
  water: "droplet",
  slow: "turtle",
  ask: "red-question-mark",
  wait: "hourglass-not-done",
  beside: "chair",
  say: "speech-balloon",
  heart: "red-heart",
  ball: "basketball",
  dance: "woman-dancing",
};

const { icons } = JSON.parse(readFileSync("node_modules/@iconify-json/fluent-emoji-flat/icons.json", "utf8"));
const symbols = Object.entries(SIGNS).map(([ours, theirs]) => {
  const icon = icons[theirs];
  if (!icon) throw new Error(`the set has no "${theirs}"`);
  const body = icon.body.replaceAll(/\b(id="|url\(#|href="#)([^")]+)/g, `$1${ours}-$2`);
  return `<symbol id="${ours}" viewBox="0 0 32 32">${body}</symbol>`;
});
writeFileSync("client/ui/pictures/signs.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);

// Writes client/ui/pictures/pictures.svg: the 64 pictures of the picture code (Fluent Emoji flat, MIT) as one sprite of
// symbols p0 … p63, eight groups of eight in fixed places. The order is part of every code that was ever made: never
// change it. Their names are in client/i18n/pictures/. Run `node tools/pictures.mjs` after a new version of the set.
import { readFileSync, writeFileSync } from "node:fs";

const GROUPS = [
  ["fox", "hedgehog", "owl", "tropical-fish", "snail", "rabbit-face", "spouting-whale", "lady-beetle"],
  ["strawberry", "banana", "carrot", "bread", "cheese-wedge", "watermelon", "cookie", "pear"],
  ["evergreen-tree", "mushroom", "maple-leaf", "chestnut", "wood", "rock", "feather", "four-leaf-clover"],
  ["rainbow", "sun", "cloud", "star", "crescent-moon", "snowflake", "droplet", "high-voltage"],
  ["bicycle", "automobile", "bus", "tractor", "fire-engine", "kick-scooter", "locomotive", "roller-skate"],
  ["gloves", "scarf", "socks", "running-shoe", "t-shirt", "jeans", "dress", "billed-cap"],
  ["kite", "soccer-ball", "teddy-bear", "puzzle-piece", "balloon", "yo-yo", "game-die", "sled"],
  ["guitar", "drum", "trumpet", "accordion", "musical-keyboard", "saxophone", "bell", "microphone"],
];

const { icons } = JSON.parse(readFileSync("node_modules/@iconify-json/fluent-emoji-flat/icons.json", "utf8"));
const symbols = GROUPS.flat().map((name, index) => {
  const icon = icons[name];
  if (!icon) throw new Error(`the set has no "${name}"`);
  // Ids inside a drawing (clips, masks) are made unique by the picture's own number.
  const body = icon.body.replaceAll(/\b(id="|url\(#|href="#)([^")]+)/g, `$1p${index}-$2`);
  return `<symbol id="p${index}" viewBox="0 0 32 32">${body}</symbol>`;
});
if (symbols.length !== 64) throw new Error("the code has 64 pictures");
writeFileSync("client/ui/pictures/pictures.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);

// Writes client/ui/parts/icon-paths.ts from the Lucide icons named below (ISC licence): every shape as one path, so that
// an icon costs the page one string. Run `node tools/icons.mjs` after adding a name.
import { readFileSync, writeFileSync } from "node:fs";

/** our name → Lucide's */
const ICONS = {
  back: "arrow-left",
  forward: "arrow-right",
  go: "chevron-right",
  more: "ellipsis",
  lock: "lock",
  help: "life-buoy",
  plus: "plus",
  exit: "door-open",
  speak: "volume-2",
  undo: "delete",
  groups: "grid-2x2",
  check: "check",
  close: "x",
  phone: "phone",
  chat: "message-circle",
  child: "face-slightly-smiling",
  young: "user-round",
  work: "folder-open",
  home: "house",
  book: "book-open",
  eye: "eye",
  finger: "fingerprint-pattern",
  eyeOff: "eye-off",
  shield: "shield",
  clock: "clock",
  things: "images",
  people: "users",
  star: "star",
  camera: "camera",
  pencil: "pencil",
  draw: "pen-line",
  mic: "mic",
  play: "play",
  pause: "pause",
  stop: "square",
  film: "video",
  settings: "settings",
  print: "printer",
  again: "rotate-ccw",
  up: "arrow-up",
  text: "type",
  card: "layout-grid",
  key: "key-round",
  inbox: "inbox",
  send: "send",
  code: "qr-code",
  link: "link",
  picture: "image",
  write: "square-pen",
  bin: "trash",
  takeBack: "undo-2",
  together: "handshake",
  bold: "bold",
  italic: "italic",
  list: "list",
  numbers: "list-ordered",
  quote: "quote",
  offline: "wifi-off",
  warning: "triangle-alert",
  info: "info",
  copy: "copy",
  search: "search",
  filters: "sliders-horizontal",
  sun: "sun",
  moon: "moon",
  language: "languages",
  door: "mail",
  palette: "palette",
  redo: "redo-2",
  heading: "heading",
  pin: "pin",
  archive: "archive",
  sticker: "sticker",
  letters: "case-sensitive",
  place: "map-pin",
  day: "calendar",
  down: "arrow-down",
  minus: "minus",
  route: "milestone",
  tag: "tag",
  bag: "backpack",
  storm: "cloud-lightning",
};

const nodes = JSON.parse(readFileSync("node_modules/lucide-static/icon-nodes.json", "utf8"));

function pathOf([shape, a]) {
  const n = (key) => Number(a[key] ?? 0);
  // "m" at the head of a path is absolute; behind another path it would be relative to that one's end.
  if (shape === "path")
    return a.d.replace(/^m\s*(-?[\d.]+)[\s,]*(-?[\d.]+)\s*(?=[-\d.])/, "M$1 $2l").replace(/^m/, "M");
  if (shape === "circle") {
    const r = n("r");
    return `M${n("cx") - r} ${n("cy")}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  }
  if (shape === "line") return `M${a.x1} ${a.y1}L${a.x2} ${a.y2}`;
  if (shape === "polyline") return `M${a.points}`;
  if (shape === "rect") {
    const [x, y, w, h, r] = [n("x"), n("y"), n("width"), n("height"), n("rx")];
    const corner = (dx, dy) => (r ? `a${r} ${r} 0 0 1 ${dx} ${dy}` : "");
    return (
      `M${x + r} ${y}h${w - 2 * r}${corner(r, r)}v${h - 2 * r}${corner(-r, r)}h${-(w - 2 * r)}${corner(-r, -r)}` +
      `v${-(h - 2 * r)}${corner(r, -r)}z`
    );
  }
  throw new Error(`no path for <${shape}>`);
}

const lines = Object.entries(ICONS).map(([ours, theirs]) => {
  const shapes = nodes[theirs];
  if (!shapes) throw new Error(`Lucide has no icon "${theirs}"`);
  return `  ${ours}:\n    "${shapes.map(pathOf).join("")}",`;
});
writeFileSync(
  "client/ui/parts/icon-paths.ts",
  `// Made by tools/icons.mjs from Lucide (ISC licence, see docs/dependencies.md). Don't edit by hand.\n` +
    `export const iconPaths = {\n${lines.join("\n")}\n} as const;\n`,
);

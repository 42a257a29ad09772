/**
 * `npm run readme-pictures`: docs/screens/ out of what `GALLERY=da-middle npm run gallery` has photographed: five phones in
 * a row, twice, on the colour of the mockups' sheet.
 */
import { readdirSync, readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.ts";

const FOLDER = "gallery/da-middle";
/** Screens of the gallery, by the words behind their number. */
const rows = {
  child: ["start", "code-pictures", "home-lived", "entry-drawn", "show"],
  showing: ["share", "share-take-back", "joint-page", "help-locked", "desk-item"],
} as const;
const WIDTH = 216;
const HEIGHT = 444;
const GAP = 16;

const pictures = readdirSync(FOLDER);
const pictureOf = (screen: string): string => {
  const found = pictures.find((name) => name.replace(/^\d+-/, "") === `${screen}-360-light.png`);
  if (found === undefined) throw new Error(`${FOLDER} has no picture of ${screen}: GALLERY=da-middle npm run gallery`);
  return `data:image/png;base64,${readFileSync(`${FOLDER}/${found}`).toString("base64")}`;
};

const browser = await chromium.launch({ ...config.use?.launchOptions });
try {
  for (const [name, screens] of Object.entries(rows)) {
    const width = screens.length * WIDTH + (screens.length + 1) * GAP + 8;
    const page = await browser.newPage({ viewport: { width, height: HEIGHT + 40 }, deviceScaleFactor: 1.5 });
    await page.setContent(
      `<body style="margin:0;padding:20px;background:#D8D2C5;display:flex;gap:${GAP}px">${screens
        .map(
          (screen) =>
            `<img src="${pictureOf(screen)}" style="width:${WIDTH}px;height:${HEIGHT}px;object-fit:cover;object-position:top">`,
        )
        .join("")}`,
      { waitUntil: "load" },
    );
    await page.screenshot({ path: `docs/screens/${name}.png` });
    await page.close();
  }
} finally {
  await browser.close();
}

/**
 * The pages of an archive, to be read in any browser without Lomme and without a net. No script, and a policy that allows
 * none; everything that a person wrote is text, never markup. Pictures are the files beside them.
 */
import { sha256 } from "../../../crypto/sodium.ts";
import { CRAYONS, type Drawing } from "../../documents/drawing.ts";
import type { LifeStop, LifeWhen, RichBlock, RichRun, RichText } from "../../documents/kinds.ts";
import type { ShownBefore } from "../../documents/taken-along.ts";
import type { ArchiveWords, BookEntry } from "../api-take-along.ts";

const LOCALES = { da: "da-DK", sv: "sv-SE", en: "en-GB" } as const;

const STYLE = `
body{max-width:40rem;margin:0 auto;padding:2rem 1.25rem 6rem;background:#fbf7f0;color:#1d2433;font:1.1rem/1.6 "Atkinson Hyperlegible Next",Verdana,sans-serif}
h1,h2,h3{font-family:"Hedvig Letters Serif",Georgia,serif;font-weight:400;line-height:1.2}
h1{font-size:2.2rem;margin:1rem 0}h2{font-size:1.6rem;margin:0 0 .25rem}
article{padding:2rem 0;border-top:1px solid #c9c1b2;overflow-wrap:anywhere}
.meta,figcaption{margin:.25rem 0;color:#4c5366;font-size:.95rem}
a{color:#2f4b7c}ul.months{padding:0;list-style:none}ul.months a{display:inline-block;padding:.5rem 0}
figure{margin:1.25rem 0}img,video,svg{max-width:100%;height:auto;display:block}audio{width:100%}
blockquote{margin:1rem 0;padding-left:1rem;border-left:3px solid #c9c1b2}
.answers{margin:1.5rem 0 0;padding:1rem 1.25rem;background:#fff;border:1px dashed #8a8372;list-style:none}
@media print{body{background:#fff;max-width:none;padding:0}article{break-inside:auto}h2,h3{break-after:avoid}figure{break-inside:avoid}}
`;

/** Allowed: this style, and the files beside the page ("file:" for browsers that take no page on the disk for itself). */
const policyOf = (style: string): string => {
  const hash = btoa(String.fromCharCode(...sha256(new TextEncoder().encode(style))));
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self' file:; media-src 'self' file:; base-uri 'none'; form-action 'none'`;
};

function page(words: ArchiveWords, title: string, body: string): string {
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(STYLE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${toHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

export interface Month {
  readonly name: string;
  readonly title: string;
  readonly count: number;
}

export const lifePage = (words: ArchiveWords): Pick<Month, "name" | "title"> => ({
  name: "read/life.html",
  title: words.life,
});

/** "read/2026-03.html" of a time (ms), by this device's calendar. */
export function monthOf(at: number, words: ArchiveWords): Pick<Month, "name" | "title"> {
  const date = new Date(at);
  const month = String(date.getMonth() + 1).padStart(2, "0");
  const title = new Intl.DateTimeFormat(LOCALES[words.language], { month: "long", year: "numeric" }).format(at);
  return { name: `read/${date.getFullYear()}-${month}.html`, title: upper(title) };
}

export const monthPage = (words: ArchiveWords, title: string, articles: readonly string[]): string =>
  page(
    words,
    title,
    `<nav><a href="../index.html">${toHtml(words.title)}</a></nav>\n<main>\n<h1>${toHtml(title)}</h1>\n${articles.join("\n")}\n</main>`,
  );

export const indexPage = (words: ArchiveWords, months: readonly Month[]): string =>
  page(
    words,
    words.title,
    `<main>\n<h1>${toHtml(words.title)}</h1>\n<p>${toHtml(words.about)}</p>\n<ul class="months">\n${months
      .map(({ name, title, count }) => `<li><a href="${name}">${toHtml(title)}</a> (${count})</li>`)
      .join("\n")}\n</ul>\n</main>`,
  );

/** `names`: of the files of its photos and recordings, by blob; null where they aren't in the archive. */
export function article(
  words: ArchiveWords,
  entry: BookEntry,
  names: ReadonlyMap<string, string | null>,
  shown: readonly ShownBefore[],
  waits = false,
): string {
  const { marks, photos, recordings, drawings, kind, from, together } = entry;
  const said = [
    kind === "wish" ? [words.wish, words.subjects[marks.subject ?? ""]].filter(Boolean).join(" · ") : "",
    [marks.day, marks.place].filter(Boolean).join(" · "),
    entry.moods.map((mood) => words.moods[mood] ?? mood.replace(/^own:/, "")).join(", "),
    entry.stickers
      .map((picture) => words.pictures[picture] ?? "")
      .filter(Boolean)
      .join(", "),
    marks.persons.length > 0 ? `${words.people}: ${marks.persons.join(", ")}` : "",
    marks.tags.length > 0 ? `${words.tags}: ${marks.tags.join(", ")}` : "",
    from === null || from.trim() === "" ? "" : `${words.from}: ${from}`,
    waits ? words.waits : "",
    together === null ? "" : `${words.together}: ${together}`,
    marks.archived ? words.putAway : "",
  ].filter(Boolean);
  const figures = [
    ...photos.map(({ full }, index) => {
      const name = names.get(full.blob);
      return name == null
        ? ""
        : `<figure><img src="../${name}" alt="${toHtml(words.photo)} ${index + 1}" loading="lazy"></figure>`;
    }),
    ...drawings.map((drawing) => drawingOf(drawing, nameOfPhoto(drawing.over, entry, names), words)),
    ...recordings.map(({ media, type }) => {
      const name = names.get(media.blob);
      if (name == null) return "";
      const [tag, label] = type.startsWith("video/") ? ["video", words.video] : ["audio", words.sound];
      return `<figure><${tag} controls preload="none" src="../${name}"></${tag}><figcaption>${toHtml(label)}</figcaption></figure>`;
    }),
  ].filter(Boolean);
  return `<article>
<h2>${toHtml(entry.title || words[NAMES[kind]])}</h2>
<p class="meta"><time datetime="${new Date(entry.createdAt).toISOString()}">${toHtml(whenOf(entry.createdAt, words))}</time></p>
${said.map((line) => `<p class="meta">${toHtml(line)}</p>`).join("\n")}
${richText(entry.text)}
${entry.stops.map((stop) => stopOf(stop, words)).join("\n")}
${entry.topics
  .map(
    ({ topic, signs, text }) =>
      `<h3>${toHtml(words.topics[topic])}</h3>\n<p class="meta">${toHtml(signWords(signs, words))}</p>\n<p>${lines(text)}</p>`,
  )
  .join("\n")}
${figures.join("\n")}
${shown.map((one) => shownTo(one, words)).join("\n")}
</article>`;
}

const nameOfPhoto = (
  blob: string | null,
  { photos }: BookEntry,
  names: ReadonlyMap<string, string | null>,
): string | null => (photos.some(({ full }) => full.blob === blob) ? (names.get(blob ?? "") ?? null) : null);

/** Units of the drawing's width: a stroke then has numbers that are short and fine enough. */
const WIDE = 1000;

/** A drawing that was never finished, line by line, on the photo it was begun on. */
function drawingOf({ height, strokes }: Drawing, photo: string | null, words: ArchiveWords): string {
  const tall = Math.round(height * WIDE);
  const lines = strokes.map(({ colour, size, points }) => {
    const at = points.map(({ x, y }) => `${Math.round(x * WIDE)},${Math.round(y * WIDE)}`);
    // A dot is a line to itself.
    const drawn = at.length === 1 ? [...at, ...at] : at;
    return `<polyline points="${drawn.join(" ")}" stroke="${CRAYONS[colour] ?? CRAYONS[0]}" stroke-width="${Math.round(size * WIDE)}"/>`;
  });
  const below = photo === null ? "" : `<image href="../${photo}" width="${WIDE}" height="${tall}"/>`;
  return `<figure><svg viewBox="0 0 ${WIDE} ${tall}" role="img" aria-label="${toHtml(words.drawing)}" fill="none" stroke-linecap="round" stroke-linejoin="round"><rect width="${WIDE}" height="${tall}" fill="#fffefb"/>${below}${lines.join("")}</svg><figcaption>${toHtml(words.unfinished)}</figcaption></figure>`;
}

function shownTo({ to, answers }: ShownBefore, words: ArchiveWords): string {
  if (answers.length === 0) return "";
  const lines = answers.map(({ from, at, text, wish }) => {
    const verdict = wish !== null && wish in words.answers ? words.answers[wish as keyof typeof words.answers] : "";
    const head = [from ?? words.me, whenOf(Date.parse(at), words), verdict].filter(Boolean).join(" · ");
    return `<li><p class="meta">${toHtml(head)}</p>${text === "" ? "" : `<p>${toHtml(text)}</p>`}</li>`;
  });
  return `<ul class="answers"><li><strong>${toHtml(to)}</strong></li>${lines.join("")}</ul>`;
}

const NAMES = { entry: "entry", wish: "wish", life: "life", me: "aboutMe" } as const;

/** When it was, as well as the child knew: "da vi flyttede · sommer · 2019 · 7 år". */
export function whenOfStop(when: LifeWhen, words: ArchiveWords): string {
  const age = when.age === null ? "" : words.age.replace("{age}", String(when.age));
  const season = when.season === null ? "" : words.seasons[when.season];
  return [when.words, season, when.year ?? "", age, when.unknown ? words.unknown : ""].filter(Boolean).join(" · ");
}

/** "hund, hest"; drawings that the page has no word for are left out. */
export const signWords = (signs: readonly string[], words: ArchiveWords): string =>
  signs
    .map((sign) => words.signs[sign] ?? "")
    .filter(Boolean)
    .join(", ");

const stopOf = ({ sign, title, text, when }: LifeStop, words: ArchiveWords): string =>
  `<h3>${toHtml(title || signWords([sign], words))}</h3>\n<p class="meta">${toHtml(whenOfStop(when, words))}</p>\n<p>${lines(text)}</p>`;

const lines = (text: string): string => toHtml(text).replaceAll("\n", "<br>");

const whenOf = (at: number, { language }: ArchiveWords): string =>
  Number.isNaN(at)
    ? ""
    : new Intl.DateTimeFormat(LOCALES[language], { dateStyle: "full", timeStyle: "short" }).format(at);

function richText(text: RichText): string {
  const html: string[] = [];
  let list: RichBlock["type"] | null = null;
  const close = (): void => {
    if (list !== null) html.push(list === "bullet" ? "</ul>" : "</ol>");
    list = null;
  };
  for (const { type, runs } of text) {
    const inner = runs.map(runOf).join("");
    if (type === "bullet" || type === "number") {
      if (list !== type) {
        close();
        html.push(type === "bullet" ? "<ul>" : "<ol>");
        list = type;
      }
      html.push(`<li>${inner}</li>`);
      continue;
    }
    close();
    const tag = { paragraph: "p", heading: "h3", quote: "blockquote" }[type];
    html.push(`<${tag}>${inner}</${tag}>`);
  }
  close();
  return html.join("\n");
}

function runOf({ text, bold, italic }: RichRun): string {
  const words = toHtml(text).replaceAll("\n", "<br>");
  const slanted = italic ? `<em>${words}</em>` : words;
  return bold ? `<strong>${slanted}</strong>` : slanted;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const toHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
const upper = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

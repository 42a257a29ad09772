/**
 * A page to print with a slip for each creation token: a QR code and the token, and where in Lomme it goes. Written to a
 * file that only the operator may read; a token is worth as much as the paper it stands on, so print it and delete it.
 */
import { encodeQR } from "qr";

const STYLE = `body{font:14px/1.4 sans-serif;margin:12mm;display:grid;grid-template-columns:repeat(3,1fr);gap:6mm}
.slip{border:1px dashed #777;padding:4mm;break-inside:avoid}svg{width:100%;height:auto}
code{font-size:12px;overflow-wrap:anywhere}p{margin:2mm 0}`;

/** The way to the screen, as its buttons are named in each language. */
const WAYS = [
  ["da", "Indstil → Er det gemt? → Få mere plads → Scan en seddel"],
  ["sv", "Ställ in → Är det sparat? → Få mer plats → Skanna en lapp"],
  ["en", "Settings → Is it saved? → Get more room → Scan a slip"],
] as const;

/** An HTML page. Tokens are letters of base64url, so there is nothing in them to escape. */
export function printSlips(tokens: readonly string[]): string {
  const ways = WAYS.map(([language, way]) => `<p lang="${language}">${way}</p>`).join("");
  const slips = tokens.map((token) => {
    const qr = encodeQR(token, "svg", { ecc: "medium", border: 4 });
    return `<section class="slip"><h2>Lomme</h2>${qr}<p><code>${token}</code></p>${ways}</section>`;
  });
  return `<!doctype html><html lang="da"><meta charset="utf-8"><title>Lomme</title><style>${STYLE}</style>
${slips.join("\n")}
</html>
`;
}

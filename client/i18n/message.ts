/**
 * The part of ICU MessageFormat that Lomme's texts use: `{name}`, `{count, plural, one {…} other {…}}` (with `=0`) and
 * `{role, select, child {…} other {…}}`; `#` is the number inside a plural. Written by hand because every library that
 * was tried costs the first screen more than all its texts do.
 */
export type MessageParams = Readonly<Record<string, string | number>>;

/** Fills a template. An unknown name stays visible as `{name}`, so that a test or a reader finds it. */
export function formatMessage(template: string, params: MessageParams, language: string): string {
  let text = "";
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf("{", at);
    if (open < 0) return text + template.slice(at);
    const close = closingBrace(template, open);
    text += template.slice(at, open) + fill(template.slice(open + 1, close), params, language);
    at = close + 1;
  }
  return text;
}

function fill(body: string, params: MessageParams, language: string): string {
  const [name = "", kind, ...rest] = splitTop(body);
  const value = params[name];
  if (value === undefined) return `{${name}}`;
  if (kind === undefined) return String(value);
  const branches = readBranches(rest.join(","));
  const other = branches.get("other") ?? "";
  if (kind === "select") return formatMessage(branches.get(String(value)) ?? other, params, language);
  const count = Number(value);
  const branch = branches.get(`=${count}`) ?? branches.get(new Intl.PluralRules(language).select(count)) ?? other;
  return formatMessage(branch.replaceAll("#", new Intl.NumberFormat(language).format(count)), params, language);
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  throw new SyntaxError(`a text has an open brace: ${text}`);
}

/** `count, plural, one {a, b}` → ["count", "plural", "one {a, b}"]: only the first two commas divide. */
function splitTop(body: string): string[] {
  const first = body.indexOf(",");
  if (first < 0) return [body.trim()];
  const second = body.indexOf(",", first + 1);
  if (second < 0) return [body.slice(0, first).trim(), body.slice(first + 1).trim()];
  return [body.slice(0, first).trim(), body.slice(first + 1, second).trim(), body.slice(second + 1)];
}

function readBranches(text: string): Map<string, string> {
  const branches = new Map<string, string>();
  let at = 0;
  for (let open = text.indexOf("{"); open >= 0; open = text.indexOf("{", at)) {
    const close = closingBrace(text, open);
    branches.set(text.slice(at, open).trim(), text.slice(open + 1, close));
    at = close + 1;
  }
  return branches;
}

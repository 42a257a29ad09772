/**
 * What a screen says, in reading order, for reading aloud: headings, sentences, the names of everything that can be pressed
 * or chosen, and what a person wrote. Taken from the screen itself, so that no label of any screen is left out.
 */
export interface ScreenWord {
  readonly element: Element;
  readonly text: string;
}

const PRESSED = "button, a[href], summary, [role=switch], [role=radio], [role=tab], [role=slider], [role=option]";
const NAMED = "img[alt], [role=img][aria-label], progress[aria-label], [role=timer]";
const FIELDS = "input, textarea, select";
/** Not on the screen, not said, or what starts the reading. */
const LEFT_OUT = ".vh, [hidden], [inert], [aria-hidden=true], .speak, [data-reader], script, style, template";

/** The words of `root`; of the question that lies over it, where one does. */
export function wordsOf(root: Element): readonly ScreenWord[] {
  const words: ScreenWord[] = [];
  collect(root, words);
  return words;
}

function collect(element: Element, words: ScreenWord[]): void {
  if (element.matches(LEFT_OUT) || !isSeen(element)) return;
  const add = (text: string | null, of: Element = element): void => {
    const said = (text ?? "").replaceAll("\u00ad", "").replaceAll(/\s+/g, " ").trim();
    if (/[\p{L}\p{N}]/u.test(said)) words.push({ element: of, text: said });
  };
  const whole = wholeWords(element);
  if (whole !== null) add(whole);
  else if (element.matches("[role=textbox]")) addOwnWords(element, add);
  else {
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) add(child.textContent);
      else if (child instanceof Element) collect(child, words);
    }
  }
}

/** What an element says as one; null for one that is taken apart, as whatever holds something to press. */
function wholeWords(element: Element): string | null {
  if (element.matches(PRESSED)) return nameOf(element);
  if (element.matches(FIELDS)) return fieldWords(element as HTMLInputElement);
  if (element.matches(NAMED)) return element.getAttribute("alt") ?? element.getAttribute("aria-label");
  if (element.matches("[role=textbox]") || element.querySelector(`${PRESSED}, ${FIELDS}`) !== null) return null;
  const isSentence = [...element.childNodes].some(
    ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent?.trim(),
  );
  return isSentence || element.matches("h1, h2, h3, p, label, dt, dd") ? spokenText(element) : null;
}

function addOwnWords(field: Element, add: (text: string | null, of?: Element) => void): void {
  add(field.getAttribute("aria-label"));
  for (const block of field.querySelectorAll("p, h1, h2, h3, li")) {
    if (block.querySelector("p, li") === null) add(block.textContent, block);
  }
}

/** What only holds others (`display: contents`) has no place of its own, and is seen through them. */
const isSeen = (element: Element): boolean =>
  element.getClientRects().length > 0 || element.matches("option") || getComputedStyle(element).display === "contents";

const nameOf = (element: Element): string => element.getAttribute("aria-label") ?? spokenText(element);

/** Its text without what is only there to be seen. */
function spokenText(element: Element): string {
  const parts: string[] = [];
  const visit = (node: Node): void => {
    if (node.nodeType === Node.TEXT_NODE) parts.push(node.textContent ?? "");
    if (!(node instanceof Element) || (node !== element && node.matches(LEFT_OUT))) return;
    const named = node !== element && node.matches(NAMED);
    if (named) parts.push(node.getAttribute("alt") ?? node.getAttribute("aria-label") ?? "");
    else for (const child of node.childNodes) visit(child);
    // Parts that stand under each other are sentences of their own.
    if (node !== element && !getComputedStyle(node).display.startsWith("inline")) parts.push(". ");
  };
  visit(element);
  return tidy(parts.join(" "));
}

const tidy = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/([.!?…:,])(?:\s*\.)+/g, "$1")
    .replaceAll(/\s+([.,])/g, "$1")
    .replace(/^\s*\.\s*/, "")
    .trim();

/** A field's name and what stands in it; never a code. */
function fieldWords(field: HTMLInputElement): string {
  const name = field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent ?? field.placeholder ?? "";
  const isSecret = field.type === "password" || field.matches(".dotted");
  return isSecret || field.type === "file" || field.type === "range" ? name : `${name}. ${field.value}`;
}

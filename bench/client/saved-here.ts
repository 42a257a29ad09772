import type { Person } from "../../tests/browser/harness/person.ts";

/** Milliseconds from a key to the next "saved here" on the screen, for each of so many keys. */
export async function keysToSaved({ page }: Person, keys: number): Promise<readonly number[]> {
  const all: number[] = [];
  for (let i = 0; i < keys; i += 1) {
    const seen = page.evaluate(
      () =>
        new Promise<number>((done) => {
          let pressed = 0;
          let saving = false;
          const look = (): void => {
            const mark = document.querySelector(".saved-mark")?.getAttribute("data-saved");
            if (mark === "saving") saving = true;
            else if (mark === "saved" && saving && pressed > 0) {
              observer.disconnect();
              done(performance.now() - pressed);
            }
          };
          const observer = new MutationObserver(look);
          observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          addEventListener(
            "keydown",
            () => {
              pressed ||= performance.now();
            },
            { once: true, capture: true },
          );
        }),
    );
    await page.waitForTimeout(350);
    await page.keyboard.press("a");
    all.push(await seen);
  }
  return all;
}

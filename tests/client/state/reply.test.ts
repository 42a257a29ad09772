/** The draft of an answer over the real vault: what was typed after "send" isn't part of the answer, and isn't lost with the draft. */
import { afterAll, expect, test } from "vitest";
import type * as Y from "yjs";
import { appendText } from "../../../client/documents/entry.ts";
import { openDraft } from "../../../client/state/reply.ts";
import { endVault } from "../../../client/state/vault.ts";
import { CHILD, Device, until } from "../vault/device.ts";
import { startBehindPort } from "./behind-port.ts";

afterAll(() => endVault());

test("letters that come after the press stay in the draft; without one it goes", async () => {
  const device = await Device.create();
  const vault = device.start();
  await vault.createPocket(CHILD);
  await startBehindPort(vault);
  const write = (draft: { readonly text: Y.XmlFragment }, text: string): void => {
    if (draft.text.doc !== null) appendText(draft.text.doc, [{ type: "paragraph", runs: [{ text }] }]);
  };
  const sent: string[] = [];
  let isSent = (): void => undefined;
  const send = async (words: string): Promise<void> => {
    sent.push(words);
    await new Promise<void>((resolve) => {
      isSent = resolve;
    });
  };
  const document = await vault.createDocument("entry");
  const open = async () => {
    const draft = openDraft(document, "Svar", send);
    await until(() => draft.ready.value);
    return draft;
  };
  const first = await open();
  write(first, "Ja, det gør vi.");
  const sending = first.send("Jeg skriver igen fredag.");
  write(first, "Og tak.");
  isSent();
  await sending;
  expect(sent).toEqual(["Ja, det gør vi.\nJeg skriver igen fredag."]);
  const again = await open();
  expect(again.plain.value).toBe("Og tak.");

  const last = again.send("");
  isSent();
  await last;
  expect(sent.at(-1)).toBe("Og tak.");
  expect(again.plain.value).toBe("");
  await until(async () => (await vault.timeline("entry")).length === 0);
});

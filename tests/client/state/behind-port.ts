/** The real vault for tests of the page's state, behind a message port as the worker has it. */
import { expose, transfer } from "comlink";
import { prepareVault, startVault } from "../../../client/state/vault.ts";
import type { VaultApi } from "../../../client/vault/api.ts";

export async function startBehindPort(vault: VaultApi): Promise<void> {
  const { port1: page, port2: worker } = new MessageChannel();
  const openDocument: VaultApi["openDocument"] = async (document) => {
    const opened = await vault.openDocument(document);
    return transfer(opened, [opened.port]);
  };
  expose({ ...vault, openDocument }, worker);
  page.start();
  prepareVault(() => Object.assign(page, { terminate: () => page.close() }) as unknown as Worker);
  await startVault();
}

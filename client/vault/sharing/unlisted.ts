/**
 * Copies that this device said and no row tells of any more: another device of mine took the row for one that was broken off,
 * or it was lost with what was damaged. What hasn't left never will; what has stands among the shares again, so that it can
 * be seen and taken back.
 */
import { type Heard, isShown } from "./circle-log.ts";
import type { Ledger } from "./ledger.ts";
import type { SharingCore } from "./ports.ts";

/** Only of this device's own chain: another's row may still be on its way. In a turn. */
export async function listUnlisted(
  core: SharingCore,
  ledger: Ledger,
  { circle: { space, person }, utterances }: Pick<Heard, "circle" | "utterances">,
): Promise<void> {
  const listed = new Set<string>((await ledger.shares.all()).map(({ id }) => id));
  const unlisted = utterances.filter(isShown).filter(({ document, from }) => from === "me" && !listed.has(document));
  if (unlisted.length === 0) return;
  const { device } = await core.self();
  const ownChain = await core.ownChain(space);
  for (const { document: id, payload, record } of unlisted) {
    if (record.state === "pending") await core.purge(space, id);
    if (record.place === null || record.place.chain !== ownChain) continue;
    // Without the document that it was made of, which nobody knows here: should the row come back after all, it brings that.
    const row = { id, person, space, device, at: { saved: payload.at }, takeBack: null };
    await core.writeState([ledger.shares.entry(id, row)]);
  }
}

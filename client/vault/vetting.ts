/**
 * Updates of others in a circle are looked at in the decoder before they come near an open document. What may not be
 * applied is quarantined: kept, marked, told, and never applied; everything else goes on. Never on the way to unlocking.
 */
import { equalBytes } from "../../crypto/sodium.ts";
import type { DocumentTag, OpId } from "../../crypto/types.ts";
import { Batch } from "./batch.ts";
import { Chains } from "./chains.ts";
import type { Decoder } from "./decoder.ts";
import type { LearnedUpdate } from "./receive.ts";
import type { DocumentRecord, SpaceLog } from "./space-log.ts";

export class Vetting {
  readonly #decoder: Decoder;
  /** Looked at during this unlock, and fine. */
  readonly #fine = new Set<OpId>();

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  /** Whether none of a document's records waits to be looked at. To be called inside the `store.exclusive` they were read in. */
  async areVetted(log: SpaceLog, records: readonly DocumentRecord[]): Promise<boolean> {
    for (const record of records) {
      // A blob that has not come: looked at when it has.
      if (!this.#isTrusted(log, record) && (await log.content(record.payload.content)) !== null) return false;
    }
    return true;
  }

  /** Every update of a document that may be applied. @throws VaultFailure failed when there is no decoder */
  async load(log: SpaceLog, document: DocumentTag): Promise<readonly Uint8Array[]> {
    for (;;) {
      // Mostly everything was looked at when it came; and after looking, something may have come since.
      const updates = await log.store.exclusive(async () => {
        const records = await log.records(document);
        return (await this.areVetted(log, records)) ? log.updatesAmong(document, records) : null;
      });
      if (updates !== null) return updates;
      await this.vet(log, document);
    }
  }

  /** Those of `updates` that may be shown right now; what can't be looked at is shown when the document is opened again. */
  async sift(
    log: SpaceLog,
    document: DocumentTag,
    updates: readonly LearnedUpdate[],
  ): Promise<readonly LearnedUpdate[]> {
    await this.vet(log, document).catch(() => undefined);
    const records = await log.store.exclusive(() => log.records(document));
    const trusted = new Set(records.filter((one) => this.#isTrusted(log, one)).map(({ row }) => row.opId));
    return updates.filter(({ opId }) => trusted.has(opId));
  }

  /**
   * Looks at what of a document has not been looked at. True when something was quarantined. Not to be called inside
   * `store.exclusive`: it may take seconds. @throws VaultFailure failed when there is no decoder
   */
  async vet(log: SpaceLog, document: DocumentTag): Promise<boolean> {
    const sorted = await log.store.exclusive(async () => {
      const records = await log.records(document);
      return (await this.areVetted(log, records)) ? null : this.#sort(log, records);
    });
    if (sorted === null) return false;
    const { base, suspects } = sorted;
    const verdicts = await this.#decoder.sift(
      base,
      suspects.map(({ content }) => content),
    );
    const bad = suspects.filter((_, at) => verdicts[at] !== true);
    for (const [at, { record }] of suspects.entries()) if (verdicts[at] === true) this.#fine.add(record.row.opId);
    if (bad.length > 0) await log.store.exclusive(() => quarantine(log, bad));
    return bad.length > 0;
  }

  async #sort(log: SpaceLog, records: readonly DocumentRecord[]) {
    const base: Uint8Array[] = [];
    const suspects: { readonly record: DocumentRecord; readonly content: Uint8Array }[] = [];
    for (const record of records) {
      const content = await log.content(record.payload.content);
      if (content === null) continue; // A blob that has not come: looked at when it has.
      if (this.#isTrusted(log, record)) base.push(content);
      else suspects.push({ record, content });
    }
    return { base, suspects };
  }

  #isTrusted(log: SpaceLog, { row }: DocumentRecord): boolean {
    const own = log.keyring.author(log.space);
    const ours = own !== null && row.author !== null && equalBytes(own, row.author);
    return ours || this.#fine.has(row.opId);
  }
}

async function quarantine(log: SpaceLog, bad: readonly { readonly record: DocumentRecord }[]): Promise<void> {
  const batch = new Batch();
  for (const { record } of bad) log.putRow(batch, { ...record.row, problem: "poison" });
  const state = { ...(await log.state()), quarantined: true };
  log.putState(batch, { ...state, ...new Chains(state).state() });
  await batch.commit(log.store);
}

/**
 * What is looked at with everything that arrives anywhere in the vault simulation, so after every step too: a record counts
 * only when a device of the family signed it, byte for byte; and with an honest server none is ever called a wrong one.
 */
import type { SpaceKeeper } from "../../client/vault/keeper.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import type { LogRow, RecordProblem } from "../../client/vault/space-rows.ts";
import type { SignedInner } from "../../crypto/types.ts";
import type { OuterRecord, SpaceId } from "../../protocol/frames.ts";

/** What may pass: keys, or a roster, are on their way. */
const ON_THEIR_WAY: readonly (RecordProblem | null)[] = [null, "unknown-author", "does-not-open"];
/** Where people's words stand. */
const WORDS = ["said", "update", "snapshot"];

const bytesOf = (inner: SignedInner): string =>
  Buffer.from(inner.buffer, inner.byteOffset, inner.length).toString("latin1");

export class Watch {
  readonly #evil: boolean;
  readonly #signed = new Set<string>();
  #violation: string | null = null;
  looked: number = 0;

  constructor(evil: boolean) {
    this.#evil = evil;
  }

  /** A device is about to send it. */
  signed(inner: SignedInner): void {
    this.#signed.add(bytesOf(inner));
  }

  /** A device has kept it. */
  kept({ kind, inner, problem }: LogRow): void {
    this.looked++;
    if (!this.#evil && !ON_THEIR_WAY.includes(problem)) this.#violation ??= `a false alarm: ${kind}, ${problem}`;
    if (problem !== null || inner === null || !WORDS.includes(kind)) return;
    if (!this.#signed.has(bytesOf(inner))) this.#violation ??= `a record counts that nobody signed: ${kind}`;
  }

  /** @throws for the first that happened */
  check(): void {
    if (this.#violation !== null) throw new Error(this.#violation);
  }
}

/** The keeper of one device, with what it signs and keeps looked at. */
export function watched(keeper: SpaceKeeper, pocket: Pocket, watch: Watch): SpaceKeeper {
  /** None after a crash meanwhile. */
  const rowsOf = async (space: SpaceId, records: readonly OuterRecord[]): Promise<readonly LogRow[]> => {
    const rows = records.map(({ kind, document, opId }) => pocket.log(space).row(kind, document, opId));
    return (await Promise.all(rows).catch(() => [])).flatMap((row) => row ?? []);
  };
  return {
    ...keeper,
    freeze: async (space, limit) => {
      const frozen = await keeper.freeze(space, limit);
      for (const { inner } of await rowsOf(space, frozen.ops)) if (inner !== null) watch.signed(inner);
      return frozen;
    },
    applyRecords: async (space, arrived) => {
      const health = await keeper.applyRecords(space, arrived);
      for (const row of await rowsOf(space, arrived.records)) watch.kept(row);
      return health;
    },
  };
}

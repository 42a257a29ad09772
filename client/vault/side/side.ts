/**
 * The second code, from inside the pocket whose child made it: what it may show, making it, turning it off, and keeping the
 * small pocket behind it in step. How it is opened: threshold.ts. Why so: docs/decisions/14-second-code.md.
 */
import { randomId } from "../../../crypto/ids.ts";
import type { DocumentTag, VaultKey, WayIn } from "../../../crypto/types.ts";
import { createVaultKey } from "../../../crypto/unlocking.ts";
import { createWayIn, parseWayIn } from "../../../crypto/ways-in.ts";
import type { Code } from "../api-devices.ts";
import type { SideInside, SideState } from "../api-side.ts";
import type { CodeAgain } from "../code-again.ts";
import { codeBytes, firstCode, type Kdf } from "../codes.ts";
import type { Decoder } from "../decoder.ts";
import { VaultFailure } from "../failure.ts";
import { Keyring } from "../keyring.ts";
import { requireDocument } from "../own-documents.ts";
import { openPocket, type Pocket } from "../pocket.ts";
import { type Shelf, StoreError } from "../ports.ts";
import { createRecorder } from "../recorder.ts";
import { SealedStore } from "../sealed-store.ts";
import { sharedRows } from "../state-rows.ts";
import { createTurns } from "../turns.ts";
import { bringBack, bringOut, forgetCopies, isBehind } from "./copies.ts";
import { putSideRow, readSideRow, removeSideRow } from "./side-keys.ts";
import { createSideShelf, noBurnFile, sideRowOf } from "./side-shelf.ts";

/** What is marked follows what is written at a walking pace. */
const FOLLOW_MS = 1500;

export interface SideDeps {
  readonly shelf: Shelf;
  readonly kdf: Kdf;
  readonly decoder: Decoder;
}

export class Side {
  readonly #pocket: Pocket;
  readonly #deps: SideDeps;
  readonly #turn = createTurns();
  #cancel: (() => void) | null = null;
  /** What was written behind the second code is taken in once per unlock: while this is open nobody writes there. */
  #broughtBack: boolean = false;
  #closed: boolean = false;

  constructor(pocket: Pocket, deps: SideDeps) {
    this.#pocket = pocket;
    this.#deps = deps;
  }

  /** Something may have changed in the pocket: the small one follows soon. */
  soon(): void {
    if (this.#closed || !this.#isOn) return;
    this.#cancel ??= this.#pocket.clock.after(FOLLOW_MS, () => {
      this.#cancel = null;
      void this.follow().catch(() => undefined);
    });
  }

  /** The small pocket has what it may show, as it is now. */
  follow(): Promise<void> {
    return this.#turn(async () => {
      if (this.#closed || !this.#isOn) return;
      const seen = await this.#seen();
      if (this.#broughtBack && !(await isBehind(this.#pocket, seen))) return;
      await this.#within(async (side) => {
        const brought = await this.#bringBack(side);
        await bringOut(this.#pocket, side, new Set([...seen, ...brought]));
      });
    });
  }

  /** Ends it, after what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#turn(async () => undefined);
  }

  inside(again: CodeAgain): SideInside {
    return {
      sideState: async (): Promise<SideState> => ({ on: this.#isOn, seen: [...(await this.#seen())] }),
      letSee: (document, seen) => this.#letSee(document, seen),
      setSideCode: async (code) => {
        again.require();
        await this.#setCode(code);
        this.soon();
      },
      endSide: async () => {
        again.require();
        await this.#end();
      },
    };
  }

  /** The first code is of another kind now: the locked pocket asks for one kind only. */
  async endUnless(kind: Code["kind"]): Promise<void> {
    const [way] = (this.#pocket.row.side?.waysIn ?? []) as readonly WayIn[];
    if (way !== undefined && parseWayIn(way).kind !== kind) await this.#end();
  }

  get #isOn(): boolean {
    return (this.#pocket.row.side ?? null) !== null;
  }

  get #marks() {
    return sharedRows<{ readonly seen: true }>(this.#pocket.shared, "may-be-seen");
  }

  async #seen(): Promise<ReadonlySet<DocumentTag>> {
    return new Set((await this.#marks.all()).map(({ id }) => id as DocumentTag));
  }

  async #letSee(document: DocumentTag, seen: boolean): Promise<void> {
    if (seen) requireDocument(this.#pocket, document);
    await this.#pocket.shared.write([this.#marks.entry(document, seen ? { seen: true } : null)]);
    this.#pocket.emit({ type: "changed", what: "side" });
    this.soon();
  }

  /**
   * With the parameters of the first code, salt and all: opening takes one run of the KDF whichever code was given, and a
   * wrong one the same. Two different secrets share a salt then; whoever guesses tries each guess at both.
   */
  async #setCode(code: Code): Promise<void> {
    const pocket = this.#pocket;
    await pocket.ways(async () => {
      const first = firstCode(pocket.row);
      if (first === null || first.kind !== code.kind) throw new VaultFailure("not-allowed");
      if (code.kind === "prf") throw new VaultFailure("not-allowed");
      const { params } = first;
      const seed = await this.#deps.kdf.derive(codeBytes(code), params);
      const { id, vaultKey } = await this.#keys();
      const wayIn = createWayIn({ kind: code.kind, seed, params, vaultKey, burn: pocket.burn });
      if (parseWayIn(wayIn).tag === first.tag) throw new VaultFailure("same-code");
      await pocket.changeRow((row) => ({ ...row, side: { id, waysIn: [wayIn] } }));
    });
    pocket.emit({ type: "changed", what: "side" });
  }

  /** Of the small pocket that there is, or of a new one. */
  async #keys(): Promise<{ readonly id: string; readonly vaultKey: VaultKey }> {
    const kept = await readSideRow(this.#pocket.store);
    if (kept !== null && kept.id === this.#pocket.row.side?.id) return kept;
    // One whose making was broken off was never opened by anybody.
    if (kept !== null) await this.#deps.shelf.remove(kept.id).catch(() => undefined);
    const made = { id: randomId<string>(), vaultKey: createVaultKey() };
    const { store } = this.#pocket;
    await store.commit([forgetCopies(this.#pocket), putSideRow(store, made)]);
    const raw = await this.#deps.shelf.openStore(made.id);
    try {
      await Keyring.create(await SealedStore.create(raw, made.vaultKey), "child");
    } finally {
      raw.close();
    }
    return made;
  }

  #end(): Promise<void> {
    return this.#turn(async () => {
      const pocket = this.#pocket;
      const { side } = pocket.row;
      if (!side) return;
      await this.#within((small) => this.#bringBack(small, true));
      await pocket.ways(() => pocket.changeRow((row) => ({ ...row, side: null })));
      await pocket.store.commit([forgetCopies(pocket), removeSideRow(pocket.store)]);
      await this.#deps.shelf.remove(side.id);
      pocket.emit({ type: "changed", what: "side" });
    });
  }

  async #bringBack(side: Pocket, ending = false): Promise<readonly DocumentTag[]> {
    if (this.#broughtBack && !ending) return [];
    await finishRecordings(side);
    const mark = (document: DocumentTag) => this.#pocket.shared.write([this.#marks.entry(document, { seen: true })]);
    const brought = await bringBack(this.#pocket, side, mark, ending);
    this.#broughtBack = true;
    if (brought.length > 0) this.#pocket.emit({ type: "changed", what: "side" });
    return brought;
  }

  /** Opens the small pocket for as long as `work` takes. Without one that can be opened nothing is done. */
  async #within(work: (side: Pocket) => Promise<unknown>): Promise<void> {
    const { clock, row, burn } = this.#pocket;
    const kept = await readSideRow(this.#pocket.store);
    if (kept === null || kept.id !== row.side?.id) return;
    const raw = await this.#deps.shelf.openStore(kept.id);
    const store = await SealedStore.open(raw, kept.vaultKey);
    const parts = { clock, burn, burnFile: noBurnFile, decoder: this.#deps.decoder, emit: () => undefined };
    const shelf = createSideShelf(this.#deps.shelf);
    const { vaultKey } = kept;
    const side = store && (await openPocket({ ...parts, shelf, row: sideRowOf(row), vaultKey, store }));
    if (side === null) return raw.close();
    try {
      await work(side);
    } finally {
      await side.close();
    }
  }
}

/** What a closing broke off there is put where it belongs, and comes along. @throws StoreError storage-full */
async function finishRecordings(side: Pocket): Promise<void> {
  const recorder = createRecorder(side, async () => true);
  for (const { blob } of await side.recordings.all()) {
    await recorder.endRecording(blob).catch((error: unknown) => {
      if (error instanceof StoreError) throw error;
      // It doesn't open: it stays, and keeps nothing else back.
    });
  }
}

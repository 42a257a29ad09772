/**
 * Rows that all devices of one person share, as one Y.Doc that no list shows: a Y.Map "rows" whose keys are a row's name, a
 * line break and a field, and whose values are the field as JSON. The field "" says that the row is there.
 *
 * Fields apart, so that two devices that change different fields of one row at the same time both keep theirs; of one and
 * the same field one wins, on every device the same. A row that one device removes and another changes is gone.
 * A row of a kind in WHOLE is one value, under the field "". Spec: docs/protocol/store.md §13.
 */
import * as Y from "yjs";
import { createDoc } from "./create-doc.ts";

export interface SharedEntry {
  readonly name: string;
  /** A JSON object; null removes the row. */
  readonly json: string | null;
  /** The row as it was when it was read: fields that are the same in both stay as they are now, and a row that is gone
   * stays gone. */
  readonly base?: string;
}

/** Written once and removed: fields would only leave more traces behind. */
const WHOLE = /^errand\//;
const BREAK = "\n";

export class SharedRows {
  readonly #doc = createDoc();
  readonly #rows = this.#doc.getMap<string>("rows");
  /** Field names by row, of what the map holds. */
  readonly #fields = new Map<string, Set<string>>();

  /** One that can't be read is passed over: it stays in the log. */
  constructor(updates: readonly Uint8Array[]) {
    this.apply(updates);
  }

  names(): readonly string[] {
    return [...this.#fields.keys()].filter((name) => this.#rows.has(name + BREAK));
  }

  /** The row as JSON with its fields in order of name; null when it isn't there. */
  read(name: string): string | null {
    const whole = this.#rows.get(name + BREAK);
    if (whole === undefined) return null;
    if (WHOLE.test(name)) return whole;
    const fields = [...(this.#fields.get(name) ?? [])]
      .filter((field) => field !== "")
      .toSorted((a, b) => (a < b ? -1 : 1));
    const parts = fields.flatMap((field) => {
      const value = this.#rows.get(name + BREAK + field);
      return value === undefined ? [] : [`${JSON.stringify(field)}:${value}`];
    });
    return `{${parts.join(",")}}`;
  }

  /** Makes the rows so. Gives the update to keep and send, or null when nothing is different. */
  write(entries: readonly SharedEntry[]): Uint8Array | null {
    const updates: Uint8Array[] = [];
    const collect = (update: Uint8Array): number => updates.push(update);
    this.#doc.on("update", collect);
    try {
      this.#doc.transact(() => {
        for (const entry of entries) this.#writeRow(entry);
      });
    } finally {
      this.#doc.off("update", collect);
    }
    return updates[0] ?? null;
  }

  /** Takes what other devices wrote. Gives the names of rows that may look different now. */
  apply(updates: readonly Uint8Array[]): readonly string[] {
    const names = new Set<string>();
    const note = (event: Y.YMapEvent<string>): void => {
      for (const key of event.keysChanged) {
        const [name = "", field = ""] = key.split(BREAK);
        names.add(name);
        this.#note(name, field);
      }
    };
    this.#rows.observe(note);
    this.#doc.transact(() => {
      for (const update of updates) {
        try {
          Y.applyUpdate(this.#doc, update);
        } catch {
          // Malformed, or made to be.
        }
      }
    });
    this.#rows.unobserve(note);
    return [...names];
  }

  close(): void {
    this.#doc.destroy();
  }

  #writeRow({ name, json, base }: SharedEntry): void {
    if (json !== null && base !== undefined && !WHOLE.test(name)) {
      this.#changeRow(name, json, base);
      return;
    }
    const wanted = new Map<string, string>();
    if (json !== null && WHOLE.test(name)) wanted.set("", json);
    else if (json !== null) {
      wanted.set("", "1");
      for (const [field, value] of fieldsOf(json)) wanted.set(field, value);
    }
    for (const field of this.#fields.get(name) ?? []) {
      if (!wanted.has(field)) this.#rows.delete(name + BREAK + field);
    }
    for (const [field, value] of wanted) {
      if (this.#rows.get(name + BREAK + field) !== value) this.#rows.set(name + BREAK + field, value);
      this.#note(name, field);
    }
  }

  #changeRow(name: string, json: string, base: string): void {
    if (!this.#rows.has(name + BREAK)) return;
    const [before, after] = [fieldsOf(base), fieldsOf(json)];
    for (const field of before.keys()) if (!after.has(field)) this.#rows.delete(name + BREAK + field);
    for (const [field, value] of after) {
      if (before.get(field) === value || this.#rows.get(name + BREAK + field) === value) continue;
      this.#rows.set(name + BREAK + field, value);
      this.#note(name, field);
    }
  }

  #note(name: string, field: string): void {
    const known = this.#fields.get(name) ?? new Set();
    this.#fields.set(name, known.add(field));
  }
}

/** Each field as JSON. */
function fieldsOf(json: string): ReadonlyMap<string, string> {
  const row = JSON.parse(json) as Record<string, unknown>;
  return new Map(Object.entries(row).map(([field, value]) => [field, JSON.stringify(value)]));
}

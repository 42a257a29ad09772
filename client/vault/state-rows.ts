/**
 * Rows of one kind in the state that all devices of a person share (shared-state.ts), as JSON under names that begin with
 * their kind: "person/<id>". A byte string stands in the JSON as {"$b": base64url}.
 */
import { fromBase64Url, toBase64Url } from "../../crypto/sodium.ts";
import type { SharedEntry } from "../documents/shared-rows.ts";
import type { SharedState, StateRow } from "./shared-state.ts";

export interface Rows<Row> {
  get(id: string): Promise<Row | null>;
  /** Rows whose id begins with `prefix`, in order of id. */
  all(prefix?: string): Promise<readonly { readonly id: string; readonly row: Row }[]>;
  /** To be written: the whole row, or what a copy of one that was read changes of it. Null removes it. */
  entry(id: string, row: Row | null): SharedEntry;
}

/** What reading takes; `SharingCore` has it, too. */
export interface StatePort {
  /** Null when there is no such row. */
  readState(name: string): Promise<string | null>;
  /** All rows whose name begins with `prefix`, in order of name. */
  listState(prefix: string): Promise<readonly StateRow[]>;
}

export const statePortOf = (shared: Pick<SharedState, "read" | "list">): StatePort => ({
  readState: (name) => shared.read(name),
  listState: (prefix) => shared.list(prefix),
});

/** For an open pocket: `createRows` over its shared state. */
export const sharedRows = <Row>(shared: Pick<SharedState, "read" | "list">, kind: string): Rows<Row> =>
  createRows<Row>(statePortOf(shared), kind);

export function createRows<Row>(core: StatePort, kind: string): Rows<Row> {
  const prefix = `${kind}/`;
  return {
    async get(id) {
      const json = await core.readState(prefix + id);
      return json === null ? null : asRead(prefix + id, decode<Row>(json), json);
    },
    async all(start = "") {
      const rows = await core.listState(prefix + start);
      return rows.map(({ name, json }) => ({
        id: name.slice(prefix.length),
        row: asRead(name, decode<Row>(json), json),
      }));
    },
    entry: (id, row) => {
      const name = prefix + id;
      if (row === null) return { name, json: null };
      const json = encode(row);
      const read = (row as AsRead)[AS_READ];
      // What follows from this copy changes what is written now.
      (row as AsRead)[AS_READ] = { name, json };
      return { name, json, ...(read?.name === name && { base: read.json }) };
    },
  };
}

const encode = (row: unknown): string =>
  JSON.stringify(row, (_key, field: unknown) => (field instanceof Uint8Array ? { $b: toBase64Url(field) } : field));

/**
 * A row that was read knows how it stood then, and so does each copy with a change (`{ ...row, change }`): while something
 * was waited for, another device's change of another field may have come in, and mustn't be undone by writing the whole.
 */
const AS_READ = Symbol("as it was read");
interface AsRead {
  [AS_READ]?: { readonly name: string; readonly json: string };
}

const asRead = <Row>(name: string, row: Row, json: string): Row => ({ ...row, [AS_READ]: { name, json } });

/** Rows are what this person's devices wrote and sealed; nothing foreign is read here. */
const decode = <Row>(json: string): Row => withBytes(JSON.parse(json)) as Row;

/** The value itself, with its byte strings put in. A function handed to JSON would be called for every field. */
function withBytes(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$b" in value) return typeof value.$b === "string" ? fromBase64Url(value.$b) : value;
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (typeof field === "object" && field !== null) fields[name] = withBytes(field);
  }
  return value;
}

/** Between ids (hex) and columns (16 bytes), and small readers of rows; the same in both databases. */
import { createHash } from "node:crypto";
import type { CapabilityKeys, RecordKind, SpaceId, StoredRecord } from "../../protocol/frames.ts";
import { wireToKind } from "../../protocol/wire.ts";
import type { SpaceHead } from "./port.ts";

export type Row = Record<string, unknown>;

/** `blobs.committed`: a blob that was given up, and whose files go before its row does. 0 is open, 1 committed. */
export const GOING = 2;

export const toId = (id: string): Uint8Array => Buffer.from(id, "hex");
export const fromId = <Id extends string>(value: unknown): Id => hex(value as Uint8Array) as Id;
export const fromOptionalId = <Id extends string>(value: unknown): Id | null => (value === null ? null : fromId(value));

const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");

export function fromRecordRow(row: Row): StoredRecord {
  return {
    seq: row.seq as number,
    document: fromId(row.document),
    kind: wireToKind(row.kind as number) as RecordKind,
    epoch: row.epoch as number,
    opId: fromId(row.op),
    sealed: row.sealed as Uint8Array,
  };
}

export function fromKeyColumns(row: Row): CapabilityKeys {
  return {
    own: row.own_key as Uint8Array,
    write: row.write_key as Uint8Array,
    read: row.read_key as Uint8Array,
  };
}

export const toSpaceHead = (space: SpaceId, row: Row): SpaceHead => ({
  space,
  epoch: row.epoch as number,
  head: row.head as number,
  dropHead: row.drop_head as number,
});

/** Byte-wise equality of two columns. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** `created_with`: tells a repeated creation from another space under the same id. */
export const digestKeys = (keys: CapabilityKeys): Uint8Array =>
  createHash("sha256").update(keys.own).update(keys.write).update(keys.read).digest();

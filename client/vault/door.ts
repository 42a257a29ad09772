/**
 * The carer's door. Outside (locked): sealed at once to the door's own key, unreadable afterwards, no list and no count.
 * Inside: what was left is taken over under V at unlocking, and the door gets a new key, so that a key never outlives
 * one unlock. Nothing leads from the door to any other key: outside, this module is given the door's public key only.
 *
 * A left item is one row of table `door`: key "n" and 32 random hex digits, bytes of `sealForDoor` over a row-encoded
 * LeftItem. Taken over, it is an ordinary sealed row whose key begins with a name. Spec: docs/protocol/store.md §7.
 */
import { createDoorKeys, openFromDoor, sealForDoor } from "../../crypto/door.ts";
import { randomId } from "../../crypto/ids.ts";
import type { DoorKeyPair, DoorPublicKey } from "../../crypto/types.ts";
import type { LeftAtDoor } from "./api.ts";
import { Batch } from "./batch.ts";
import { VaultFailure } from "./failure.ts";
import type { DrawPicture } from "./picture.ts";
import type { VaultStore } from "./ports.ts";
import { decodeRow, encodeRow } from "./row-codec.ts";
import type { SealedStore } from "./sealed-store.ts";

const MAX_ITEMS = 20;
const MAX_BYTES = 50 * 1024 * 1024;
const MAX_NAME_CHARACTERS = 64;
/** A long letter: thirty pages. */
const MAX_TEXT_CHARACTERS = 60_000;
/** Left and not yet taken over; "n" is no hex digit, so no sealed row's key begins with it. */
const NEW_PREFIX = "n";
const ITEMS = ["door-item"] as const;
const KEYS = ["door-keys"] as const;

export interface LeftItem {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly at: number;
  readonly photo: { readonly full: Uint8Array; readonly thumbnail: Uint8Array; width: number; height: number } | null;
}

/** On the locked device. @throws VaultFailure door-full, bad-picture; StoreError storage-full */
export async function leaveAtDoor(
  store: VaultStore,
  door: DoorPublicKey,
  left: LeftAtDoor,
  draw: DrawPicture,
  now: number,
): Promise<void> {
  const { rows, bytes } = await store.measure("door", "");
  if (rows >= MAX_ITEMS) throw new VaultFailure("door-full");
  const item: LeftItem = {
    id: randomId<string>(),
    from: left.from.trim().slice(0, MAX_NAME_CHARACTERS),
    text: left.text.slice(0, MAX_TEXT_CHARACTERS),
    at: now,
    photo: left.photo === null ? null : await draw(left.photo),
  };
  const sealed = sealForDoor(door, encodeRow(item));
  if (bytes + sealed.length > MAX_BYTES) throw new VaultFailure("door-full");
  await store.commit([{ put: "door", key: NEW_PREFIX + item.id, bytes: sealed }]);
}

/**
 * Takes over what was left and, when `open`, makes new keys for the door. Gives the public key for the cover; once that
 * is written, `settle` forgets the old keys. Until then both are kept, so that a crash between the two loses nothing.
 */
export async function turnDoorKey(
  store: SealedStore,
  open: boolean,
): Promise<{ readonly door: DoorPublicKey | null; settle(): Promise<void> }> {
  const old = await doorKeys(store);
  const next = open ? [createDoorKeys()] : [];
  const batch = new Batch();
  await takeOver(store, old, batch);
  batch.add(store.put("keyring", KEYS, "now", [...next, ...old]));
  await batch.commit(store);
  return {
    door: next[0]?.publicKey ?? null,
    settle: () => store.commit([store.put("keyring", KEYS, "now", next)]),
  };
}

const doorKeys = async (store: SealedStore): Promise<readonly DoorKeyPair[]> =>
  (await store.read<readonly DoorKeyPair[]>("keyring", KEYS, "now")) ?? [];

/** An item that doesn't open (damaged, or its key is gone) stays where it is and is never shown. */
async function takeOver(store: SealedStore, keys: readonly DoorKeyPair[], batch: Batch): Promise<void> {
  if (keys.length === 0) return;
  for (const { key, bytes } of await store.raw.range("door", NEW_PREFIX)) {
    const item = openLeft(keys, bytes);
    if (item === null) continue;
    batch.add(store.put("door", ITEMS, item.id, item));
    batch.add({ remove: "door", key });
  }
}

function openLeft(keys: readonly DoorKeyPair[], sealed: Uint8Array): LeftItem | null {
  for (const pair of keys) {
    try {
      return decodeRow<LeftItem>(openFromDoor(pair, sealed));
    } catch {
      // Perhaps the other key.
    }
  }
  return null;
}

/** What waits, newest first; takes over what was left since. */
export async function listDoorItems(store: SealedStore): Promise<readonly LeftItem[]> {
  const batch = new Batch();
  await takeOver(store, await doorKeys(store), batch);
  await batch.commit(store);
  const rows = await store.list<LeftItem>("door", ITEMS);
  return rows.map(({ value }) => value).toSorted((a, b) => b.at - a.at);
}

export const liesAtDoor = async (store: SealedStore, id: string): Promise<boolean> =>
  (await store.read<LeftItem>("door", ITEMS, id)) !== null;

/** @throws VaultFailure not-here */
export async function readDoorItem(store: SealedStore, id: string): Promise<LeftItem> {
  const item = await store.read<LeftItem>("door", ITEMS, id);
  if (item === null) throw new VaultFailure("not-here");
  return item;
}

/** Whether one more may lie here: the limits of outside hold for what an archive brings too. */
export async function mayLieAtDoor(store: SealedStore, { photo, text }: Omit<LeftItem, "id">): Promise<boolean> {
  const { rows, bytes } = await store.raw.measure("door", "");
  const more = text.length + (photo === null ? 0 : photo.full.length + photo.thumbnail.length);
  const fits = text.length <= MAX_TEXT_CHARACTERS;
  return fits && rows < MAX_ITEMS && bytes + more <= MAX_BYTES;
}

export const putDoorItem = (store: SealedStore, item: LeftItem) =>
  store.put("door", ITEMS, item.id, { ...item, from: item.from.slice(0, MAX_NAME_CHARACTERS) });

export const forgetDoorItem = (store: SealedStore, id: string) => store.remove("door", ITEMS, id);

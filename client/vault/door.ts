/**
 * The carer's door. Outside (locked): sealed at once to the door's own key, unreadable afterwards, no list and no count.
 * Inside: what was left is taken over under V at unlocking, and the door gets a new key, so that a key never outlives
 * one unlock. Nothing leads from the door to any other key: outside, this module is given the door's public key only.
 *
 * A left item is one row of table `door`: key "n" and 32 random hex digits, bytes of `sealForDoor` over a row-encoded
 * LeftItem. Taken over, it is an ordinary sealed row whose key begins with a name. Spec: docs/protocol/store.md §7.
 */
import { createDoorKeys, openFromDoor, sealForDoor } from "../../crypto/door.ts";
import { CryptoError } from "../../crypto/errors.ts";
import { randomId } from "../../crypto/ids.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import type { DoorKeyPair, DoorPublicKey } from "../../crypto/types.ts";
import type { LeftAtDoor } from "./api.ts";
import { VaultFailure } from "./failure.ts";
import type { DrawPicture } from "./picture.ts";
import type { Pocket } from "./pocket.ts";
import { StoreError, type VaultStore, type Write } from "./ports.ts";
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

/**
 * On the locked device. `readDoor` gives the door's public key as the cover says it now; null when it is shut. Another window
 * may turn the key while the photo is drawn, or right beside this: so the key is read as late as can be, and again once the
 * item lies there. Whoever turned it takes over what lies there after the new key is in the cover (`forgetOthers`), so either
 * that finds the item, or this sees the new key. @throws VaultFailure door-full, door-closed, bad-picture; StoreError storage-full
 */
export async function leaveAtDoor(
  store: VaultStore,
  readDoor: () => Promise<DoorPublicKey | null>,
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
  const plain = encodeRow(item);
  const key = NEW_PREFIX + item.id;
  let door = await readDoor();
  for (;;) {
    if (door === null) throw new VaultFailure("door-closed");
    const sealed = sealForDoor(door, plain);
    if (bytes + sealed.length > MAX_BYTES) throw new VaultFailure("door-full");
    await store.commit([{ put: "door", key, bytes: sealed }]);
    const after = await readDoor();
    if (after !== null && equalBytes(after, door)) return;
    if ((await store.get("door", key)) === null) return; // Taken over already.
    // Under a key that is being forgotten: never left there, and never called done.
    await store.commit([{ remove: "door", key }]);
    door = after;
  }
}

type Door = Pick<Pocket, "store" | "changeRow">;

/**
 * Takes over what was left, then new keys for the door: kept beside the old ones until the cover has the new public key, so
 * that a crash between the two loses nothing. Where there is no room to take something over, the door stays as it is.
 * @throws StoreError storage-full
 */
export async function turnDoorKey(pocket: Door): Promise<void> {
  const { store } = pocket;
  if ((await takeOver(store)).length > 0) throw new StoreError("storage-full");
  const next = createDoorKeys();
  const { item, pairs } = await doorKeys(store);
  await store.commit([store.put("keyring", KEYS, item, [next, ...pairs])]);
  await pocket.changeRow((row) => ({ ...row, door: next.publicKey }));
  await forgetOthers(store, [next]);
}

/** Shut first: that needs next to no room. What can't be taken over now still has its key later. */
export async function shutDoor(pocket: Door): Promise<void> {
  await pocket.changeRow((row) => ({ ...row, door: null }));
  await forgetOthers(pocket.store, []);
}

/** Once the cover says so: what came up to now is taken over, then only these keys are left. */
async function forgetOthers(store: SealedStore, keys: readonly DoorKeyPair[]): Promise<void> {
  if ((await takeOver(store)).length > 0) return;
  const { item } = await doorKeys(store);
  await store.commit([store.put("keyring", KEYS, item, keys)]);
}

/** The door's keys, and under which name they stand: a row that doesn't open is left where it is, and the next is used. */
async function doorKeys(
  store: SealedStore,
): Promise<{ readonly item: string; readonly pairs: readonly DoorKeyPair[] }> {
  for (let number = 1; ; number++) {
    const item = number === 1 ? "now" : `now-${number}`;
    try {
      return { item, pairs: (await store.read<readonly DoorKeyPair[]>("keyring", KEYS, item)) ?? [] };
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
    }
  }
}

/**
 * Each item in a transaction of its own. An item that doesn't open (damaged, or its key is gone) stays where it is and is
 * never shown. Gives those for which there is no room now: they wait where they lie.
 */
function takeOver(store: SealedStore): Promise<readonly LeftItem[]> {
  return store.exclusive(async () => {
    const { pairs } = await doorKeys(store);
    if (pairs.length === 0) return [];
    const waiting: LeftItem[] = [];
    for (const { key, bytes } of await store.raw.range("door", NEW_PREFIX)) {
      const item = openLeft(pairs, bytes);
      if (item === null) continue;
      try {
        await store.commit([store.put("door", ITEMS, item.id, item), { remove: "door", key }]);
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== "storage-full") throw error;
        waiting.push(item);
      }
    }
    return waiting;
  });
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

/** What waits, newest first; takes over what was left since, as far as there is room. */
export async function listDoorItems(store: SealedStore): Promise<readonly LeftItem[]> {
  const waiting = await takeOver(store);
  const rows = await store.list<LeftItem>("door", ITEMS);
  return [...waiting, ...rows.map(({ value }) => value)].toSorted((a, b) => b.at - a.at);
}

export const liesAtDoor = async (store: SealedStore, id: string): Promise<boolean> =>
  (await findDoorItem(store, id)) !== null;

/** @throws VaultFailure not-here */
export async function readDoorItem(store: SealedStore, id: string): Promise<LeftItem> {
  const item = await findDoorItem(store, id);
  if (item === null) throw new VaultFailure("not-here");
  return item;
}

async function findDoorItem(store: SealedStore, id: string): Promise<LeftItem | null> {
  const item = await store.read<LeftItem>("door", ITEMS, id);
  const left = item === null ? await store.raw.get("door", NEW_PREFIX + id) : null;
  return left === null ? item : openLeft((await doorKeys(store)).pairs, left);
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

/** Taken over or not. */
export const forgetDoorItem = (store: SealedStore, id: string): readonly Write[] => [
  store.remove("door", ITEMS, id),
  { remove: "door", key: NEW_PREFIX + id },
];

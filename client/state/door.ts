/** The carer's door: turned on and off by the child, emptied by the child. */
import type { DocumentTag } from "../documents/kinds.ts";
import type { DoorItem, LeftAtDoor, PocketId } from "../vault/api.ts";
import { vault } from "./vault.ts";

export type { DoorItem };

export const setDoor = (open: boolean): Promise<void> => vault().setDoor(open);

/** Makes an entry of it; the child may change or delete that like any other. */
export const acceptDoorItem = (id: string): Promise<DocumentTag> => vault().acceptDoorItem(id);

export const binDoorItem = (id: string): Promise<void> => vault().binDoorItem(id);

/** From the locked side: sealed at once to the door's own key, unreadable from here afterwards. @throws VaultError door-closed, door-full, bad-picture, storage-full */
export const leaveAtDoor = (pocket: PocketId, left: LeftAtDoor): Promise<void> => vault().leaveAtDoor(pocket, left);

/** The carer's door: turned on and off by the child, emptied by the child. */
import type { DocumentTag } from "../documents/kinds.ts";
import type { DoorItem } from "../vault/api.ts";
import { vault } from "./vault.ts";

export type { DoorItem };

export const setDoor = (open: boolean): Promise<void> => vault().setDoor(open);

/** Makes an entry of it; the child may change or delete that like any other. */
export const acceptDoorItem = (id: string): Promise<DocumentTag> => vault().acceptDoorItem(id);

export const binDoorItem = (id: string): Promise<void> => vault().binDoorItem(id);

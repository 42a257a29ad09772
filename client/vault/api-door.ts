/** The carer's door: what is left at it, and what becomes of that inside. Part of the vault's API (api.ts). */
import type { DocumentTag } from "../../crypto/types.ts";
import type { BlobRef } from "../documents/kinds.ts";

/** The door leaves a trace for the child only; what was left can't be read back from outside. */
export interface LeftAtDoor {
  /** What the person wrote as their own name, ≤ 64 characters. Lomme doesn't know whether it is right. */
  readonly from: string;
  readonly text: string;
  readonly photo: Blob | null;
}

export interface DoorItem {
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly photo: BlobRef | null;
  readonly at: number;
}

export interface DoorInside {
  setDoor(open: boolean): Promise<void>;
  doorItems(): Promise<readonly DoorItem[]>;
  /** Makes an entry of it and gives its tag. */
  acceptDoorItem(id: string): Promise<DocumentTag>;
  binDoorItem(id: string): Promise<void>;
}

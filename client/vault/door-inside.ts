/** What was left at the carer's door, as the page asks for it from inside (api-door.ts). */
import type { BlobId } from "../../crypto/types.ts";
import { addPhotoTo, appendText, setFrom } from "../documents/entry.ts";
import type { BlobRef } from "../documents/kinds.ts";
import { plainToRichText } from "../documents/rich-text.ts";
import { setSource } from "../documents/taken-along.ts";
import type { DoorInside, DoorItem } from "./api-door.ts";
import { forgetDoorItem, listDoorItems, readDoorItem, shutDoor, turnDoorKey } from "./door.ts";
import { createDocument, newPhoto, putPhoto } from "./own-documents.ts";
import type { Pocket } from "./pocket.ts";
import { tagOf } from "./take-along/keep-document.ts";

export function createDoorInside(pocket: Pocket): DoorInside {
  const space = pocket.keyring.me.pocket;
  /** The photo of an item that nobody accepted yet is read under the item's id (media-inside.ts). */
  const photoRef = (id: string, photo: unknown): BlobRef | null =>
    photo === null ? null : { space, blob: id as BlobId };
  const changed = (): void => pocket.emit({ type: "changed", what: "door" });
  return {
    setDoor: (open) => (open ? turnDoorKey(pocket) : shutDoor(pocket)),
    doorItems: async () =>
      (await listDoorItems(pocket.store)).map(
        ({ id, from, text, photo, at }): DoorItem => ({ id, from, text, at, photo: photoRef(id, photo) }),
      ),
    acceptDoorItem: async (id) => {
      const item = await readDoorItem(pocket.store, id);
      // As an archive in which it waits would bring it in: so it comes once, also where a device of mine took it in before.
      const tag = await tagOf(pocket, id);
      if (pocket.pages.get(tag) !== null) {
        await pocket.store.exclusive(() => pocket.store.commit(forgetDoorItem(pocket.store, id)));
        changed();
        return tag;
      }
      const photo = item.photo === null ? null : newPhoto(pocket, item.photo);
      const document = await createDocument(
        pocket,
        "entry",
        (doc) => {
          setSource(doc, id);
          setFrom(doc, item.from);
          if (item.text.trim() !== "") appendText(doc, plainToRichText(item.text));
          if (photo !== null) addPhotoTo(doc, photo);
        },
        (batch, made) => {
          if (photo !== null && item.photo !== null) putPhoto(pocket, batch, made, photo, item.photo);
          for (const write of forgetDoorItem(pocket.store, id)) batch.add(write);
          return photo === null ? [] : [photo.full.blob, photo.thumbnail.blob];
        },
        tag,
      );
      changed();
      return document;
    },
    binDoorItem: async (id) => {
      await pocket.store.exclusive(() => pocket.store.commit(forgetDoorItem(pocket.store, id)));
      changed();
    },
  };
}

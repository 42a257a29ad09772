/** What people do in the vault simulation: say, type, make and delete entries. */
import * as Y from "yjs";
import { keepClientId } from "../../client/documents/client-ids.ts";
import { appendText } from "../../client/documents/entry.ts";
import { plainToRichText } from "../../client/documents/rich-text.ts";
import { clientIdsOf } from "../../client/documents/updates.ts";
import { createDocument } from "../../client/vault/own-documents.ts";
import { editAtRandom } from "./random-edits.ts";
import type { VaultDevice } from "./vault-device.ts";
import { tagOf } from "./vault-people.ts";
import { logged, type VaultWorld, type Written } from "./vault-world.ts";

export function say(here: VaultWorld, device: VaultDevice, { space } = here.world.pick(logged(device))): void {
  const text = `text ${++here.texts}`;
  const payload = new TextEncoder().encode(text);
  // Committed or crashed before: only what was committed is promised.
  const write = here.writing(device, device.write(space, here.world.id(), "said", payload, []));
  write.then(() => here.committed(device, text, space)).catch(() => here.count("crashedWhileWriting"));
  here.count("said");
}

/** An edit as an update that the device's own doc makes; now and then a long one, or one that only takes away. */
export async function type(here: VaultWorld, device: VaultDevice, written: Written): Promise<void> {
  if (written === here.joint && device === here.colluder) return;
  const { world } = here;
  const { shared, document, honest, committed } = written;
  const doc = docOn(here, device, written);
  if (world.chance(0.3)) {
    for (const update of await world.until(device.updates(shared.space, document))) Y.applyUpdate(doc, update);
  }
  const kind = world.chance(0.004) ? "long" : world.chance(0.5) ? "letter" : "other";
  const update = editAtRandom(doc, world, kind);
  honest.add(update);
  const write = device.write(shared.space, document, "update", update, [...clientIdsOf(update)]);
  here
    .writing(device, write)
    .then(() => Y.applyUpdate(committed, update))
    .catch(() => here.count("crashedWhileWriting"));
  here.count(kind === "long" ? "longEdit" : "typed");
}

function docOn({ joint }: VaultWorld, device: VaultDevice, written: Written): Y.Doc {
  const there = written.docs.get(device);
  if (there !== undefined) return there;
  const doc = new Y.Doc();
  if (written === joint) keepClientId(doc, tagOf(device.person));
  written.docs.set(device, doc);
  return doc;
}

/** A small entry that may be deleted again. */
export function make(here: VaultWorld, device: VaultDevice, step: number): void {
  const fill = (doc: Y.Doc): void => appendText(doc, plainToRichText(`entry ${step}`));
  here
    .writing(device, createDocument(device.pocket, "entry", fill))
    .then(() => here.count("made"))
    .catch(() => here.count("crashedWhileWriting"));
}

/** Deletes the newest entry that stands in this device's list. */
export async function remove(here: VaultWorld, device: VaultDevice): Promise<void> {
  const typed = new Set(here.own.map(({ document }) => document));
  const entry = device.pocket.pages.newest("entry").find(({ document }) => !typed.has(document));
  if (entry === undefined) return;
  await here.world.until(device.remove(entry.document));
  here.deleted.set(entry.document, device);
  here.count("deleted");
}

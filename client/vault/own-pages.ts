/** Own documents of which a pocket has one: the life story, the page about me. */
import type { DocumentTag } from "../../crypto/types.ts";
import type { PageKind } from "../documents/kinds.ts";
import { addUpdates } from "../documents/updates.ts";
import { createDocument } from "./own-documents.ts";
import type { Pocket } from "./pocket.ts";

export class OwnPages {
  readonly #pocket: Pocket;
  /** Asked twice at once, it is made once. */
  readonly #asked = new Map<PageKind, Promise<DocumentTag>>();

  constructor(pocket: Pocket) {
    this.#pocket = pocket;
  }

  page(kind: PageKind): Promise<DocumentTag> {
    const asking = this.#asked.get(kind) ?? this.#page(kind).finally(() => this.#asked.delete(kind));
    this.#asked.set(kind, asking);
    return asking;
  }

  /** Of several the one with the lowest tag is it, on every device. The others stay: a device may still write in one. */
  async #page(kind: PageKind): Promise<DocumentTag> {
    const { pages, documents, keyring, store } = this.#pocket;
    const [first, ...others] = pages.allOf(kind).toSorted();
    if (first === undefined) return createDocument(this.#pocket, kind);
    const { pocket } = keyring.me;
    for (const other of others) {
      const updates = await store.exclusive(() => this.#pocket.log(pocket).updates(other));
      await documents.edit(pocket, first, (doc) => addUpdates(doc, updates), []);
    }
    return first;
  }
}

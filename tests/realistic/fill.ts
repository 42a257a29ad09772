/**
 * Fills an open pocket with a life, through the vault's own modules: log, outbox, freezing, blobs, summaries. Every record
 * is signed and counts as acknowledged by a server, as in a pocket that has been in use for years; only the commits are
 * gathered (staging.ts).
 */

import { readOwn } from "../../client/documents/entry.ts";
import { clientIdsOf } from "../../client/documents/updates.ts";
import { Batch } from "../../client/vault/batch.ts";
import type { SpaceKeeper } from "../../client/vault/keeper.ts";
import { newPhoto, putPhoto } from "../../client/vault/own-documents.ts";
import type { DrawnPicture } from "../../client/vault/picture.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import type { Http } from "../../client/vault/ports.ts";
import { createSpaceKeeper } from "../../client/vault/space-keeper.ts";
import { randomId } from "../../crypto/ids.ts";
import type { DocumentTag } from "../../crypto/types.ts";
import { writeMoment } from "./edits.ts";
import { type LifeOptions, liveLife, type Moment } from "./life.ts";
import { createChance } from "./seeded.ts";

export interface FillOptions extends LifeOptions {
  /** The picture of a scene: a real JPEG and its thumbnail. */
  readonly draw: (scene: number) => Promise<DrawnPicture>;
  /** Writes what was committed so far (staging.ts). */
  readonly flush: () => Promise<void>;
}

export interface Filled {
  readonly entries: number;
  readonly photos: number;
  readonly records: number;
}

/** So many documents are written side by side. */
const TOGETHER = 100;
const INCARNATION = "00".repeat(16);

/** A server that has taken everything already. */
const satisfied = {
  missingChunks: async () => [],
  commitBlob: async () => undefined,
} as unknown as Http;

export async function fillPocket(pocket: Pocket, options: FillOptions): Promise<Filled> {
  const filler = new Filler(pocket, options);
  let together: Moment[] = [];
  for (const moment of liveLife(options)) {
    together.push(moment);
    if (together.length < TOGETHER) continue;
    await filler.fill(together);
    together = [];
  }
  await filler.fill(together);
  await pocket.texts.write();
  await options.flush();
  return filler.filled;
}

class Filler {
  readonly filled = { entries: 0, photos: 0, records: 0 };
  readonly #pocket: Pocket;
  readonly #options: FillOptions;
  readonly #keeper: SpaceKeeper;
  readonly #chance: ReturnType<typeof createChance>;
  #seq = 0;

  constructor(pocket: Pocket, options: FillOptions) {
    this.#pocket = pocket;
    this.#options = options;
    this.#chance = createChance(options.seed + 1);
    const quiet = async (): Promise<never> => {
      throw new Error("nobody else is here");
    };
    this.#keeper = createSpaceKeeper({
      pocket,
      http: satisfied,
      sharing: { dropped: quiet, rekey: quiet, spaceEnded: quiet },
      token: async () => "",
      recordsChanged: () => undefined,
      noteHealth: () => undefined,
      changesStored: () => undefined,
      jointArrived: () => undefined,
    });
  }

  async fill(moments: readonly Moment[]): Promise<void> {
    const written = [];
    for (const moment of moments) written.push(await this.#begin(moment));
    for (let round = 0; written.some(({ updates }) => round < updates.length); round++) {
      const batch = new Batch();
      for (const { document, moment, updates } of written) {
        const payload = updates[round];
        if (payload === undefined) continue;
        const added = { document, kind: "update", payload, blobs: [], clientIds: clientIdsOf(payload) } as const;
        await this.#log.addPending(batch, added, moment.at + round);
        this.filled.records++;
      }
      await batch.commit(this.#pocket.store);
      await this.#acknowledge();
    }
    for (const { document, doc } of written) {
      const batch = new Batch();
      this.#pocket.putSummary(batch, document, readOwn(doc));
      await batch.commit(this.#pocket.store);
      doc.destroy();
      this.filled.entries++;
    }
    await this.#options.flush();
  }

  get #log() {
    return this.#pocket.log(this.#pocket.keyring.me.pocket);
  }

  async #begin(moment: Moment) {
    const document = randomId<DocumentTag>();
    const clientId = this.#chance.whole(1, 2 ** 31);
    const drawn = moment.scene === null ? null : await this.#options.draw(moment.scene);
    const photo = drawn === null ? null : newPhoto(this.#pocket, drawn);
    if (drawn !== null && photo !== null) {
      const batch = new Batch();
      putPhoto(this.#pocket, batch, document, photo, drawn);
      await batch.commit(this.#pocket.store);
      for (const { space, blob } of [photo.full, photo.thumbnail]) {
        await this.#pocket.blobs.upload(satisfied, "", space, blob);
      }
      this.filled.photos++;
    }
    return { document, moment, ...writeMoment(moment, photo, clientId) };
  }

  async #acknowledge(): Promise<void> {
    const { space } = this.#log;
    const { ops } = await this.#keeper.freeze(space, Number.MAX_SAFE_INTEGER);
    const acks = ops.map(({ opId }) => ({ opId, seq: ++this.#seq }));
    await this.#keeper.acked(space, acks, { seq: this.#seq, incarnation: INCARNATION });
  }
}

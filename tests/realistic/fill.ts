/**
 * Fills an open pocket with a life, through the vault's own modules: signing, log, blobs, summaries, texts. Every record
 * is signed, stands in its chain, and counts as acknowledged by a server, as in a pocket that has been in use for years.
 * Unlike there, a hundred documents are written in one commit; the rows are the same (realistic.test.ts opens them).
 */

import { readOwn } from "../../client/documents/own-read.ts";
import { clientIdsOf } from "../../client/documents/updates.ts";
import { Batch } from "../../client/vault/batch.ts";
import { signRow } from "../../client/vault/freeze.ts";
import { newPhoto, putPhoto } from "../../client/vault/own-documents.ts";
import type { DrawnPicture } from "../../client/vault/picture.ts";
import type { Pocket } from "../../client/vault/pocket.ts";
import { randomId } from "../../crypto/ids.ts";
import type { DocumentTag } from "../../crypto/types.ts";
import { writeMoment } from "./edits.ts";
import { type LifeOptions, liveLife, type Moment } from "./life.ts";
import { createChance } from "./seeded.ts";

export interface FillOptions extends LifeOptions {
  /** The picture of a scene: a real JPEG and its thumbnail. */
  readonly draw: (scene: number) => Promise<DrawnPicture>;
}

export interface Filled {
  readonly entries: number;
  readonly photos: number;
  readonly records: number;
}

/** Documents in one commit. */
const TOGETHER = 100;
const INCARNATION = "00".repeat(16);

export async function fillPocket(pocket: Pocket, options: FillOptions): Promise<Filled> {
  const filled = { entries: 0, photos: 0, records: 0 };
  const chance = createChance(options.seed + 1);
  const log = pocket.log(pocket.keyring.me.pocket);

  const fill = async (moments: readonly Moment[]): Promise<void> => {
    const batch = new Batch();
    let state = await log.state();
    for (const moment of moments) {
      const document = randomId<DocumentTag>();
      const drawn = moment.scene === null ? null : await options.draw(moment.scene);
      const photo = drawn === null ? null : newPhoto(pocket, drawn);
      if (drawn !== null && photo !== null) {
        putPhoto(pocket, batch, document, photo, drawn);
        filled.photos++;
      }
      const { updates, doc } = writeMoment(moment, photo, chance.whole(1, 2 ** 31));
      for (const payload of updates) {
        const pending = { space: log.space, document, kind: "update", order: moment.at, payload, blobs: [] } as const;
        const signed = signRow(log, state, { ...pending, clientIds: clientIdsOf(payload) }, moment.at);
        state = signed.state;
        log.putRow(batch, { ...signed.row, seq: ++filled.records });
      }
      pocket.putSummary(batch, document, readOwn(doc));
      doc.destroy();
      filled.entries++;
    }
    log.putState(batch, { ...state, cursor: { seq: filled.records, incarnation: INCARNATION } });
    await batch.commit(pocket.store);
  };

  let together: Moment[] = [];
  for (const moment of liveLife(options)) {
    together.push(moment);
    if (together.length < TOGETHER) continue;
    const moments = together;
    together = [];
    await pocket.store.exclusive(() => fill(moments));
  }
  await pocket.store.exclusive(() => fill(together));
  await pocket.texts.write();
  return filled;
}

/**
 * What goes between a pocket and its small pocket, while the former is open: marked documents are copied into the small one
 * and follow what is written; what was written behind the second code comes into the pocket, marked as well. Nothing that
 * somebody wrote on either side is written over: a copy that was changed there comes back as a document of its own.
 *
 * A row per copy says which is whose. It is written before the copy and completed after it, so that a closing in between
 * neither doubles nor forgets one.
 */
import { randomId } from "../../../crypto/ids.ts";
import { type DocumentTag, isPage } from "../../documents/kinds.ts";
import type { Batch } from "../batch.ts";
import { removeDocument } from "../own-documents.ts";
import type { Pocket } from "../pocket.ts";
import type { Write } from "../ports.ts";
import { copyDocument, digestOf, readDocument, saysOf } from "./copy-document.ts";

/** A copy as it was put. */
interface Copy {
  readonly copy: DocumentTag;
  /** As its summary said then; 0 while it is being made. */
  readonly copyChangedAt: number;
  /** Of its content then; "" while it is being made. */
  readonly digest: string;
}

interface CopyRow extends Copy {
  readonly document: DocumentTag;
  /** As the document's summary said when the copy was made of it. */
  readonly changedAt: number;
  /** The copy before this one, which goes when this one stands. */
  readonly before: Copy | null;
}

const GROUP = ["side-copy"] as const;

const readRows = async (pocket: Pocket): Promise<readonly CopyRow[]> =>
  (await pocket.store.list<CopyRow>("keyring", GROUP)).map(({ value }) => value);

const putRow = (pocket: Pocket, row: CopyRow): Write => pocket.store.put("keyring", GROUP, row.document, row);
const removeRow = (pocket: Pocket, { document }: CopyRow): Write => pocket.store.remove("keyring", GROUP, document);

/** Forgets whose copies are whose: with the small pocket itself. */
export const forgetCopies = (pocket: Pocket): Write => pocket.store.removeGroup("keyring", GROUP);

/**
 * Brings in what was written or changed behind the second code. `mark` is called with each document before it is new here:
 * what isn't marked would leave the small pocket again. A copy that was changed and then binned there comes into the bin here,
 * since the next copy takes its place; `ending`: so does whatever else lies in that bin.
 * @throws StoreError storage-full; what was brought by then stays
 */
export async function bringBack(
  pocket: Pocket,
  side: Pocket,
  mark: (document: DocumentTag) => Promise<void>,
  ending = false,
): Promise<readonly DocumentTag[]> {
  const known = new Map<DocumentTag, { readonly row: CopyRow; readonly copy: Copy }>();
  for (const row of await readRows(pocket)) {
    known.set(row.copy, { row, copy: row });
    if (row.before !== null) known.set(row.before.copy, { row, copy: row.before });
  }
  const brought: DocumentTag[] = [];
  for (const { document: there, marks, kind } of [...side.pages.fromNewest()]) {
    const put = known.get(there);
    // Of a page there is one per person, and none in a small pocket.
    if (isPage(kind) || (marks.binnedAt !== null && put === undefined && !ending)) continue;
    if (put !== undefined && (await isAsPut(pocket, side, put))) continue;
    const document = randomId<DocumentTag>();
    if (marks.binnedAt !== null) {
      await bringBinned(pocket, side, document, { there, put, binnedAt: marks.binnedAt });
      continue;
    }
    const row: CopyRow = { ...UNMADE, document, copy: there };
    await mark(document);
    const alongside = (batch: Batch): void => {
      if (put?.row.copy === there) batch.add(removeRow(pocket, put.row));
      batch.add(putRow(pocket, row));
    };
    await copyDocument(side, there, pocket, document, { alongside, whatOpens: true });
    await complete(pocket, side, row);
    brought.push(document);
  }
  return brought;
}

interface Binned {
  readonly there: DocumentTag;
  readonly put: Put | undefined;
  readonly binnedAt: number;
}

/** Into the bin here, once: in the same transaction it is noted that what lies there has been brought. */
async function bringBinned(
  pocket: Pocket,
  side: Pocket,
  document: DocumentTag,
  { there, put, binnedAt }: Binned,
): Promise<void> {
  const digest = digestOf(await readDocument(side, there));
  const now: Copy = { copy: there, copyChangedAt: side.pages.get(there)?.changedAt ?? 0, digest };
  const row = (await readRows(pocket)).find((one) => one.document === put?.row.document);
  const noted = (): CopyRow => {
    if (row?.copy === there) return { ...row, ...now };
    return row?.before?.copy === there ? { ...row, before: now } : { ...UNMADE, ...now, document };
  };
  const alongside = (batch: Batch): void => batch.add(putRow(pocket, noted()));
  await copyDocument(side, there, pocket, document, { alongside, binnedAt, whatOpens: true });
}

const UNMADE = { changedAt: 0, copyChangedAt: 0, digest: "", before: null };

interface Put {
  readonly row: CopyRow;
  readonly copy: Copy;
}

/** False when somebody wrote in the copy since. */
async function isAsPut(pocket: Pocket, side: Pocket, { row, copy }: Put): Promise<boolean> {
  if (copy.copyChangedAt !== 0 && side.pages.get(copy.copy)?.changedAt === copy.copyChangedAt) return true;
  const there = await readDocument(side, copy.copy);
  if (copy.digest !== "") return digestOf(there) === copy.digest;
  // Its making was broken off: then it is as it was put when it says what the document says.
  return stands(pocket, row.document) && saysOf(there) === saysOf(await readDocument(pocket, row.document));
}

/** Makes the copies be those of `seen`, as they are now. One that can't be copied yet is left for the next time. */
export async function bringOut(pocket: Pocket, side: Pocket, seen: ReadonlySet<DocumentTag>): Promise<void> {
  const rows = new Map((await readRows(pocket)).map((row) => [row.document, row]));
  for (const row of rows.values()) {
    if (seen.has(row.document) && stands(pocket, row.document)) {
      if (row.copyChangedAt !== 0) await dropBefore(pocket, side, row);
      continue;
    }
    await dropCopy(side, row.copy);
    if (row.before !== null) await dropCopy(side, row.before.copy);
    await pocket.store.commit([removeRow(pocket, row)]);
  }
  for (const document of seen) {
    const now = pocket.pages.get(document);
    const row = rows.get(document);
    if (now === null || !stands(pocket, document) || row?.changedAt === now.changedAt) continue;
    await copyOut(pocket, side, document, row).catch(() => undefined);
  }
}

const stands = (pocket: Pocket, document: DocumentTag): boolean => pocket.pages.get(document)?.marks.binnedAt === null;

/** Only after `bringBack`: what is dropped here was seen to be as it was put. */
async function copyOut(pocket: Pocket, side: Pocket, document: DocumentTag, old: CopyRow | undefined): Promise<void> {
  const unmade = old !== undefined && old.copyChangedAt === 0;
  if (unmade) await dropCopy(side, old.copy);
  const before = unmade ? old.before : (old ?? null);
  const changedAt = pocket.pages.get(document)?.changedAt ?? 0;
  const row: CopyRow = { ...UNMADE, document, copy: randomId<DocumentTag>(), before: before && copyOf(before) };
  await pocket.store.commit([putRow(pocket, row)]);
  await copyDocument(pocket, document, side, row.copy);
  await complete(pocket, side, row, changedAt);
}

const copyOf = ({ copy, copyChangedAt, digest }: Copy): Copy => ({ copy, copyChangedAt, digest });

/** The copy stands: notes what it is, and the one before it goes. */
async function complete(
  pocket: Pocket,
  side: Pocket,
  row: CopyRow,
  changedAt: number = pocket.pages.get(row.document)?.changedAt ?? 0,
): Promise<void> {
  const copyChangedAt = side.pages.get(row.copy)?.changedAt ?? 0;
  const digest = digestOf(await readDocument(side, row.copy));
  const made: CopyRow = { ...row, changedAt, copyChangedAt, digest };
  await pocket.store.commit([putRow(pocket, made)]);
  await dropBefore(pocket, side, made);
}

async function dropBefore(pocket: Pocket, side: Pocket, row: CopyRow): Promise<void> {
  if (row.before === null) return;
  await dropCopy(side, row.before.copy);
  await pocket.store.commit([putRow(pocket, { ...row, before: null })]);
}

async function dropCopy(side: Pocket, copy: DocumentTag): Promise<void> {
  if (side.pages.get(copy) !== null) await removeDocument(side, copy, []);
}

/** Whether something that is marked isn't in the small pocket as it is here. */
export async function isBehind(pocket: Pocket, seen: ReadonlySet<DocumentTag>): Promise<boolean> {
  const rows = new Map((await readRows(pocket)).map((row) => [row.document, row]));
  for (const { document, before } of rows.values()) {
    if (before !== null || !seen.has(document) || !stands(pocket, document)) return true;
  }
  return [...seen].some((document) => {
    const now = pocket.pages.get(document);
    return now !== null && stands(pocket, document) && rows.get(document)?.changedAt !== now.changedAt;
  });
}

/**
 * What became of the things I showed: the six steps, the answers, and how taking back ended. The first three steps follow
 * the record itself, the others what the other's Lomme says. A step once reached stays, with the time it was first seen.
 */
import type { DocumentTag, SpaceId } from "../../../crypto/types.ts";
import type { Said, Share, ShareStep, TakeBackState } from "../api.ts";
import { devicesThatSaid, type Heard, readUtterances, saidAbout, type Utterance } from "./circle-log.ts";
import type { Ledger, ShareRow } from "./ledger.ts";
import type { SharingCore } from "./ports.ts";
import { continueShare } from "./repeated.ts";
import { withSaneTimes } from "./said-times.ts";

const STEPS: readonly ShareStep[] = ["saved", "sending", "sent", "arrived", "opened", "answered"];
/** A Lomme that hasn't confirmed for so long may never come back: then "we can't know" is truer than "waiting". */
const VANISHED_MS = 60 * 24 * 3600 * 1000;

/** Newest first; of one document, or all. */
export async function listShares(core: SharingCore, ledger: Ledger, document?: DocumentTag): Promise<readonly Share[]> {
  const rows = (await ledger.shares.all())
    .map(({ row }) => row)
    .filter((row) => document === undefined || row.document === document);
  const utterances = new Map<SpaceId, readonly Utterance[]>();
  for (const { space, person } of rows) {
    if (utterances.has(space)) continue;
    const who = await ledger.people.get(person);
    const said = who === null ? [] : readUtterances(who, await core.records(space));
    utterances.set(space, withSaneTimes(said, { begun: who?.begun, now: core.now() }));
  }
  const seen = new Map((await ledger.seen.all()).map(({ row }) => [row.share, row.answers]));
  const rowsById = new Map(rows.map((row) => [row.id, row]));
  const repeated = new Set(rows.map(({ again }) => again));
  const toWhole = (row: ShareRow): Share => {
    const share = toShare(row, utterances.get(row.space) ?? [], seen.get(row.id) ?? 0, core.now());
    const before = row.again === undefined ? undefined : rowsById.get(row.again);
    return before === undefined ? share : continueShare(share, toWhole(before));
  };
  return rows
    .filter(({ id }) => !repeated.has(id))
    .toSorted((a, b) => b.at.saved - a.at.saved)
    .map(toWhole);
}

/** Notes that all answers so far were on the screen. Never takes back what was noted. */
export async function seeAnswers(core: SharingCore, ledger: Ledger, share: DocumentTag): Promise<boolean> {
  const [found] = (await listShares(core, ledger)).filter(({ id }) => id === share);
  if (found === undefined || found.answers.length <= found.answersSeen) return false;
  await core.writeState([ledger.seen.entry(share, { share, answers: found.answers.length })]);
  return true;
}

function toShare(row: ShareRow, utterances: readonly Utterance[], answersSeen: number, now: number): Share {
  const { id, document, person, takeBack } = row;
  const vanished = takeBack?.state === "waiting" && now - takeBack.at > VANISHED_MS;
  return {
    id,
    document: document ?? id,
    person,
    steps: toSteps(row),
    answers: answersTo(id, row, utterances),
    answersSeen,
    takeBack: takeBack === null ? null : vanished ? "unknown" : takeBack.state,
    keptAt: saidAbout(utterances, id, "them", "kept")[0]?.at ?? null,
  };
}

/** Every step up to the furthest one; a step that was skipped (its word came later, or never) has the next one's time. */
function toSteps({ at }: ShareRow): Share["steps"] {
  const furthest = STEPS.findLastIndex((step) => at[step] !== undefined);
  const steps: { step: ShareStep; at: number }[] = [];
  let after = at.saved;
  for (let i = furthest; i >= 0; i--) {
    const step = STEPS[i] ?? "saved";
    after = at[step] ?? after;
    steps.unshift({ step, at: after });
  }
  return steps;
}

export function answersTo(
  share: DocumentTag,
  { person }: Pick<ShareRow, "person">,
  utterances: readonly Utterance[],
): readonly Said[] {
  return utterances.flatMap(({ document, from, payload }) =>
    payload.type === "answer" && payload.share === share
      ? [
          {
            id: document,
            from: from === "me" ? ("me" as const) : person,
            text: payload.text,
            at: payload.at,
            wish: payload.wish ?? null,
          },
        ]
      : [],
  );
}

/**
 * Rows whose copy was never committed (a closing came in between): nothing left, so nothing is shown. Only those of this
 * device: of another's the row is here minutes or days before the copy, which waits there for its photos or for net.
 */
export async function forgetPhantoms(core: SharingCore, ledger: Ledger): Promise<void> {
  const { device } = await core.self();
  for (const { id, row } of await ledger.shares.all()) {
    if (row.device !== device || row.at.sending !== undefined || row.takeBack !== null) continue;
    const said = (await core.records(row.space)).some(({ document }) => document === row.id);
    if (said) continue;
    await core.purge(row.space, row.id);
    await core.writeState([ledger.shares.entry(id, null)]);
  }
}

/** Takes from a circle's records what they say about my shares there. True when a row changed. */
export async function followShares(
  core: SharingCore,
  ledger: Ledger,
  { circle, person, utterances }: Heard,
): Promise<boolean> {
  const now = core.now();
  const entries = (await ledger.shares.all()).flatMap(({ id, row }) => {
    if (row.space !== circle.space) return [];
    const next = { ...row, at: nextTimes(row, utterances, now), takeBack: nextTakeBack(row, utterances, person) };
    return JSON.stringify(next) === JSON.stringify(row) ? [] : [ledger.shares.entry(id, next)];
  });
  if (entries.length > 0) await core.writeState(entries);
  return entries.length > 0;
}

function nextTimes(row: ShareRow, utterances: readonly Utterance[], now: number): ShareRow["at"] {
  const mine = utterances.find(({ document, from }) => document === row.id && from === "me");
  const state = mine?.record.state;
  // Their clock may be wrong: nothing was opened before it was shown, or in the future.
  const said = (type: "arrived" | "opened" | "answer") => {
    const at = saidAbout(utterances, row.id, "them", type)[0]?.at;
    return at === undefined ? undefined : Math.max(row.at.saved, Math.min(at, now));
  };
  const times = {
    saved: row.at.saved,
    sending: row.at.sending ?? (state === "frozen" || state === "stored" ? now : undefined),
    sent: row.at.sent ?? (state === "stored" ? now : undefined),
    arrived: row.at.arrived ?? said("arrived"),
    opened: row.at.opened ?? said("opened"),
    answered: row.at.answered ?? said("answer"),
  };
  return Object.fromEntries(Object.entries(times).filter(([, at]) => at !== undefined)) as ShareRow["at"];
}

/**
 * Each of the other's devices that is known to have had it confirms once; what they say afterwards changes the end no more,
 * but for the case file.
 */
function nextTakeBack(
  { id, at, takeBack }: ShareRow,
  utterances: readonly Utterance[],
  { theirAuthor, theirEarlier }: Heard["person"],
): ShareRow["takeBack"] {
  if (takeBack === null) return null;
  const kept = saidAbout(utterances, id, "them", "kept").length > 0;
  const purged = saidAbout(utterances, id, "them", "purged")[0];
  const opened = at.opened !== undefined || saidAbout(utterances, id, "them", "opened").length > 0;
  const HAVING = ["arrived", "opened", "answer", "kept"] as const;
  const gone = devicesThatSaid(utterances, id, ["purged"]);
  const left = (devices: ReadonlySet<unknown>): boolean => ![...devices].every((device) => gone.has(device as never));
  const everywhere = !left(devicesThatSaid(utterances, id, HAVING, theirAuthor));
  // They lost a device since: it may be one that had it, and it will never say.
  const mayBeLost = theirEarlier !== undefined && left(devicesThatSaid(utterances, id, HAVING));
  let state: TakeBackState = takeBack.state;
  if (kept) state = "in-case-file";
  else if (purged !== undefined && everywhere && mayBeLost) state = "unknown";
  else if (purged !== undefined && everywhere) state = purged.opened || opened ? "gone-opened" : "gone-unopened";
  return { ...takeBack, state };
}

/**
 * Changes of own documents, and of pages written together, that are kept and not yet in the lists. They are kept with the
 * cursor in one transaction, and summaries are made after it: should the power go in between, nothing would ever say that
 * an entry is there. So the transaction that keeps them says so, and the last of the summaries takes it back (in a circle:
 * the row of each page, joint-pages.ts).
 */
import type { DocumentTag } from "../../crypto/types.ts";
import type { SpaceLog } from "./space-log.ts";
import type { SpaceState } from "./space-rows.ts";

/** The state with these documents among what is due; in the pocket, but for its shared rows, and in circles. */
export function withSummariesDue<State extends Pick<SpaceState, "summariesDue">>(
  log: SpaceLog,
  state: State,
  documents: readonly DocumentTag[],
): State {
  const { pocket, shared } = log.keyring.me;
  const own = documents.filter((document) => document !== shared);
  const isListed = log.space === pocket || log.keyring.space(log.space)?.kind === "circle";
  if (!isListed || own.length === 0) return state;
  return { ...state, summariesDue: [...new Set([...(state.summariesDue ?? []), ...own])] };
}

/** The state without them. */
export function withoutSummariesDue(state: SpaceState, documents: readonly DocumentTag[]): SpaceState {
  const { summariesDue = [], ...rest } = state;
  const left = summariesDue.filter((document) => !documents.includes(document));
  return left.length === 0 ? rest : { ...rest, summariesDue: left };
}

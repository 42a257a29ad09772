/** Showing a copy to one person, following it, taking it back; and at the desk: opening and answering. */
import type { DocumentTag } from "../documents/kinds.ts";
import type {
  PersonId,
  PreviewedCopy,
  Received,
  Share,
  ShareId,
  ShareStep,
  ShownCopy,
  ShowOptions,
  WishAnswer,
} from "../vault/api.ts";
import { vault, vaultCode } from "./vault.ts";

export { WISH_ANSWERS } from "../documents/kinds.ts";
export type { PreviewedCopy, Received, Share, ShareId, ShareStep, ShownCopy, ShowOptions, WishAnswer };

/** The six steps in their order; `steps` of a share holds those that were reached. */
export const SHARE_STEPS: readonly ShareStep[] = ["saved", "sending", "sent", "arrived", "opened", "answered"];

/** Exactly what the other would get. */
export const previewShowing = (document: DocumentTag, options: ShowOptions): Promise<PreviewedCopy> =>
  vault().preview(document, options);

/** `previewed`: what was on the screen. Nothing else goes. */
export const show = (
  document: DocumentTag,
  person: PersonId,
  options: ShowOptions,
  previewed: PreviewedCopy,
): Promise<ShareId> => vault().show(document, person, options, previewed.digest);

export const takeBack = (share: ShareId): Promise<void> => vault().takeBack(share);

/** The step a share has reached. */
export const stepOf = (share: Share): ShareStep => share.steps.at(-1)?.step ?? "saved";

/** True for a showing that was refused because it is longer than can be shown at once. */
export const isTooLong = (error: unknown): boolean => vaultCode(error) === "too-long";

/** True for a showing that was refused because it is no longer what was on the screen. */
export const isChanged = (error: unknown): boolean => vaultCode(error) === "changed-since";

/** Says to the one who showed it that its text was on my screen. */
export const markOpened = (share: ShareId): Promise<void> => vault().markOpened(share);

/** Notes, here only, that the answers so far were on the screen. */
export const seeAnswers = (share: ShareId): Promise<void> => vault().seeAnswers(share);

/** Says that it stands in the case file, where taking back doesn't reach. @throws VaultError not-allowed */
export const keepInCaseFile = (share: ShareId): Promise<void> => vault().keepInCaseFile(share);

/** `wish`: what became of it, where it is a wish. @throws VaultError not-allowed */
export const answer = (share: ShareId, text: string, wish?: WishAnswer): Promise<void> =>
  vault().answer(share, text, wish);

/** What was last said of a wish by anybody it was shown to; null while nobody has. */
export const wishAnswerOf = (document: DocumentTag, all: readonly Share[]): WishAnswer | null =>
  all
    .filter((share) => share.document === document)
    .flatMap(({ answers }) => answers)
    .filter(({ from, wish }) => from !== "me" && wish !== null)
    .toSorted((a, b) => a.at - b.at)
    .at(-1)?.wish ?? null;

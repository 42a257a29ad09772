/** Showing a copy to one person, following it, taking it back; and at the desk: opening and answering. */
import type { DocumentTag } from "../documents/kinds.ts";
import type { PersonId, Received, Share, ShareId, ShareStep, ShownCopy, ShowOptions } from "../vault/api.ts";
import { vault } from "./vault.ts";

export type { Received, Share, ShareId, ShareStep, ShownCopy, ShowOptions };

/** The six steps in their order; `steps` of a share holds those that were reached. */
export const SHARE_STEPS: readonly ShareStep[] = ["saved", "sending", "sent", "arrived", "opened", "answered"];

/** Exactly what the other would get. */
export const previewShowing = (document: DocumentTag, options: ShowOptions): Promise<ShownCopy> =>
  vault().preview(document, options);

export const show = (document: DocumentTag, person: PersonId, options: ShowOptions): Promise<ShareId> =>
  vault().show(document, person, options);

export const takeBack = (share: ShareId): Promise<void> => vault().takeBack(share);

/** The step a share has reached. */
export const stepOf = (share: Share): ShareStep => share.steps.at(-1)?.step ?? "saved";

/** Says to the one who showed it that its text was on my screen. */
export const markOpened = (share: ShareId): Promise<void> => vault().markOpened(share);

/** Notes, here only, that the answers so far were on the screen. */
export const seeAnswers = (share: ShareId): Promise<void> => vault().seeAnswers(share);

/** Says that it stands in the case file, where taking back doesn't reach. @throws VaultError not-allowed */
export const keepInCaseFile = (share: ShareId): Promise<void> => vault().keepInCaseFile(share);

export const answer = (share: ShareId, text: string): Promise<void> => vault().answer(share, text);

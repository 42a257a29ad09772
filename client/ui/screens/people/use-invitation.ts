import { useCallback, useEffect, useState } from "preact/hooks";
import { people } from "../../../state/lists.ts";
import { type Invitation, invite } from "../../../state/people.ts";
import type { Person } from "../../../state/types.ts";
import { vaultCode } from "../../../state/vault.ts";
import { useList } from "../../use-list.ts";
import { useNow } from "../../use-now.ts";

export interface OpenInvitation {
  readonly invitation: Invitation | null;
  readonly failed: boolean;
  /** It has not come for a while, or could not: there is no net. */
  readonly needsNet: boolean;
  readonly expired: boolean;
  /** The person who came by this invitation, as soon as somebody did. */
  readonly found: Person | null;
  renew(): void;
}

/** With a network an invitation is there before this. */
const SOON_MS = 1_500;

/**
 * An invitation while its screen is open: made anew each time, watched for its end and for whoever comes by it. One that
 * is scanned from this screen needs no comparing; one that travels as a link does.
 */
export const useInvitation = (by: "scan" | "link"): OpenInvitation => {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [failed, setFailed] = useState(false);
  const [needsNet, setNeedsNet] = useState(false);
  const now = useNow(5_000);
  const [before, setBefore] = useState<ReadonlySet<string> | null>(null);
  const all = useList(people);

  const renew = useCallback(() => {
    setFailed(false);
    invite(by).then(setInvitation, (error: unknown) => {
      setFailed(true);
      setNeedsNet(vaultCode(error) === "offline");
    });
  }, [by]);
  useEffect(renew, [renew]);
  useEffect(() => {
    if (failed) return;
    if (invitation !== null) return setNeedsNet(false);
    const later = setTimeout(() => setNeedsNet(true), SOON_MS);
    return () => clearTimeout(later);
  }, [invitation, failed]);
  useEffect(() => {
    // A person counts as found when they weren't there as the screen opened, or have gone on from "joining" since.
    if (all !== null && before === null) setBefore(new Set(all.map(keyOf)));
  }, [all, before]);
  const found = before === null ? null : (all?.find((person) => isThere(person) && !before.has(keyOf(person))) ?? null);
  return { invitation, failed, needsNet, expired: invitation !== null && invitation.expiresAt <= now, found, renew };
};

const isThere = ({ state }: Person): boolean => state === "paired" || state === "compare";
const keyOf = ({ id, state }: Person): string => `${id} ${state}`;

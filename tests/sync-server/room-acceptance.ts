/** What every storage must do when a creation token is spent on a space that exists. docs/protocol/http.md §2. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { POCKET_QUOTA_BYTES } from "../../protocol/limits.ts";
import type { Grant, Storage } from "../../sync-server/storage/port.ts";
import { grantFor, newChunk, newRotation, newSpace, sha256 } from "./made-up.ts";
import type { StorageUnderTest } from "./storage-acceptance.ts";

const refused = (code: string) => expect.objectContaining({ code });
const MOST = 80 * 1024 * 1024;
const TODAY = 20_000;

export function acceptRoom(name: string, open: (spaceQuotaBytes: number) => Promise<StorageUnderTest>): void {
  let under: StorageUnderTest;
  let storage: Storage;
  let own: Grant;

  const newToken = async (): Promise<Uint8Array> => {
    const token = sha256(randomBytes(32));
    await storage.addToken(token);
    return token;
  };

  beforeEach(async () => {
    under = await open(MOST);
    storage = under.storage;
    const pocket = newSpace({ kind: "pocket" });
    await storage.createSpace(pocket, "pocket-only");
    own = grantFor(pocket.space);
  });
  afterEach(() => under.dispose());

  describe(`${name}: room`, () => {
    test("a pocket made without a token is raised by one, which is gone; what was refused fits", async () => {
      const token = await newToken();
      const large = newChunk(own.space, { bytes: POCKET_QUOTA_BYTES + 1 });
      await expect(storage.admitChunk(own, large)).rejects.toEqual(refused("over-quota"));
      expect(await storage.readRoom(own)).toEqual({ bytes: 0, quota: POCKET_QUOTA_BYTES, most: MOST });
      expect(await storage.raiseRoom(own, token)).toEqual({ bytes: 0, quota: MOST, most: MOST, unspent: false });
      expect(await storage.countTokens()).toBe(0);
      expect(await storage.admitChunk(own, large)).toBe(true);
      await storage.recordChunk(own, large, TODAY);
      expect(await storage.readRoom(own)).toEqual({ bytes: large.bytes, quota: MOST, most: MOST });
      await expect(storage.admitChunk(own, newChunk(own.space, { bytes: MOST }))).rejects.toEqual(
        refused("over-quota"),
      );
      await under.reopen();
      storage = under.storage;
      expect(await storage.readRoom(own)).toMatchObject({ quota: MOST });
    });

    test("asked again after a lost answer it takes no other token, and says that this one is gone", async () => {
      const [token, other] = [await newToken(), await newToken()];
      await storage.raiseRoom(own, token);
      expect(await storage.raiseRoom(own, token)).toMatchObject({ quota: MOST, unspent: false });
      expect(await storage.countTokens()).toBe(1);
      expect(await storage.raiseRoom(own, other)).toMatchObject({ quota: MOST, unspent: true });
      expect(await storage.countTokens()).toBe(1);
    });

    test("a token that is unknown, spent or revoked raises nothing", async () => {
      const [spent, revoked] = [await newToken(), await newToken()];
      await storage.createSpace(newSpace(), { tokenHash: spent });
      await storage.revokeToken(revoked);
      for (const token of [sha256(randomBytes(32)), spent, revoked]) {
        await expect(storage.raiseRoom(own, token)).rejects.toEqual(refused("no-token"));
      }
      expect(await storage.readRoom(own)).toMatchObject({ quota: POCKET_QUOTA_BYTES });
    });

    test("of two spaces that one token is spent on at once, one is raised", async () => {
      const token = await newToken();
      const other = newSpace({ kind: "pocket" });
      await storage.createSpace(other, "pocket-only");
      const settled = await Promise.allSettled([
        storage.raiseRoom(own, token),
        storage.raiseRoom(grantFor(other.space), token),
      ]);
      expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      const quotas = await Promise.all([own, grantFor(other.space)].map((grant) => storage.readRoom(grant)));
      expect(quotas.map(({ quota }) => quota).toSorted((a, b) => a - b)).toEqual([POCKET_QUOTA_BYTES, MOST]);
    });

    test("of two tokens spent on one space at once, one stays", async () => {
      const tokens = [await newToken(), await newToken()];
      const raised = await Promise.all(tokens.map((token) => storage.raiseRoom(own, token)));
      expect(raised.map(({ unspent }) => unspent).toSorted()).toEqual([false, true]);
      expect(await storage.countTokens()).toBe(1);
    });

    test("an epoch that is over raises nothing and spends nothing; the new one does", async () => {
      const token = await newToken();
      await storage.rotate(own, newRotation());
      await expect(storage.raiseRoom(own, token)).rejects.toEqual(refused("stale-epoch"));
      await expect(storage.readRoom(own)).rejects.toEqual(refused("stale-epoch"));
      expect(await storage.countTokens()).toBe(1);
      expect(await storage.raiseRoom(grantFor(own.space, "own", 2), token)).toMatchObject({ quota: MOST });
    });

    test("a deleted space takes no token", async () => {
      const token = await newToken();
      await storage.deleteSpace(own);
      await expect(storage.raiseRoom(own, token)).rejects.toEqual(refused("no-such-space"));
      expect(await storage.countTokens()).toBe(1);
    });
  });
}

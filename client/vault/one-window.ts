/**
 * One live vault per browser: an exclusive Web Lock, and a word to the holder when another window wants it. Only the
 * wish travels between tabs, never anything of a pocket.
 */
import { VaultFailure } from "./failure.ts";

const LOCK = "lomme-vault";
const ASK = "use it here";
/** The holder seals a draft (≤ 1 s) and lets go; a tab that sleeps is not waited for. */
const LET_GO_MS = 5_000;

/** The place, held for a pocket that isn't open yet. Another window that asks for it gets it at once. */
export interface Held {
  /** As `claim`, whose callback it takes; null when it was given away meanwhile. */
  enter(asked: () => Promise<void>): (() => void) | null;
  /** Lets go, unless it was entered. */
  end(): void;
}

export interface OneWindow {
  /** Takes the place where nobody has it; null where somebody has, who isn't disturbed. */
  hold(): Promise<Held | null>;
  /**
   * Becomes the one live vault. `asked` is called when another window wants to be it: it seals, and when it resolves
   * the lock is let go. @throws VaultFailure busy-elsewhere when the other window doesn't let go
   */
  claim(asked: () => Promise<void>): Promise<() => void>;
}

export function createOneWindow(locks: LockManager, openChannel: () => BroadcastChannel): OneWindow {
  return {
    async hold() {
      let release: (() => void) | null = null;
      const isFree = await new Promise<boolean>((said, failed) => {
        locks
          .request(LOCK, { mode: "exclusive", ifAvailable: true }, (lock) => {
            said(lock !== null);
            if (lock === null) return;
            return new Promise<void>((resolve) => {
              release = resolve;
            });
          })
          .catch(failed);
      });
      if (!isFree) return null;
      const channel = openChannel();
      const letGo = (): void => {
        channel.close();
        release?.();
        release = null;
      };
      const heard = (asked: () => Promise<void>): void => {
        channel.onmessage = ({ data }) => {
          if (data === ASK) void asked().finally(letGo);
        };
      };
      heard(async () => undefined);
      return {
        enter: (asked) => {
          if (release === null) return null;
          heard(asked);
          return letGo;
        },
        end: letGo,
      };
    },
    async claim(asked) {
      const channel = openChannel();
      const giveUp = new AbortController();
      const timer = setTimeout(() => giveUp.abort(), LET_GO_MS);
      channel.postMessage(ASK);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await new Promise<void>((claimed, refused) => {
        locks
          .request(LOCK, { mode: "exclusive", signal: giveUp.signal }, () => {
            claimed();
            return held;
          })
          .catch(() => refused(new VaultFailure("busy-elsewhere")));
      }).catch((error: unknown) => {
        channel.close();
        throw error;
      });
      clearTimeout(timer);
      const letGo = (): void => {
        channel.close();
        release();
      };
      channel.onmessage = ({ data }) => {
        if (data === ASK) void asked().finally(letGo);
      };
      return letGo;
    },
  };
}

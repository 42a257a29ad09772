/**
 * When what pairing and introductions wrote is with the server: it stands in the rows that all devices of a person share
 * (shared-state.ts), which are one document of the pocket.
 */
import type { Pocket } from "./pocket.ts";

export interface SharedSent {
  /** Resolves when nothing of the shared rows waits here to be sent. */
  wait(): Promise<void>;
  /** To be called after records of the pocket were acknowledged. */
  look(): Promise<void>;
}

export function createSharedSent({ keyring, outbox, store }: Pocket): SharedSent {
  let waiting: (() => void)[] = [];

  const isSent = async (): Promise<boolean> => {
    const { pocket, shared } = keyring.me;
    const here = [...(await outbox.pendingOf(pocket, shared)), ...(await outbox.frozen(pocket))];
    return here.every(({ document }) => document !== shared);
  };

  async function look(): Promise<void> {
    if (waiting.length === 0 || !(await store.exclusive(isSent))) return;
    const told = waiting;
    waiting = [];
    for (const tell of told) tell();
  }

  return {
    look,
    async wait() {
      const sent = new Promise<void>((resolve) => waiting.push(resolve));
      await look();
      await sent;
    },
  };
}

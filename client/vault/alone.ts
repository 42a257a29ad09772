/** A pocket without a server and without other people: everything of one device works. */
import type { Beyond } from "./beyond.ts";
import { VaultFailure } from "./failure.ts";
import type { Pocket } from "./pocket.ts";

const notYet = (): never => {
  throw new VaultFailure("offline");
};

export function createAlone(pocket: Pocket): Beyond & { stop(): Promise<void> } {
  return {
    sharing: {
      people: async () => [],
      invite: async () => notYet(),
      join: async () => notYet(),
      confirmPictures: async () => notYet(),
      removePerson: async () => notYet(),
      previewAgain: async () => [],
      sameAgain: async () => notYet(),
      preview: async () => notYet(),
      show: async () => notYet(),
      shares: async () => [],
      takeBack: async () => notYet(),
      received: async () => [],
      markOpened: async () => notYet(),
      answer: async () => notYet(),
      seeAnswers: async () => notYet(),
      keepInCaseFile: async () => notYet(),
    },
    joint: { jointPages: async () => [], startJoint: async () => notYet(), setPresence: async () => notYet() },
    spaceOf: async () => pocket.keyring.me.pocket,
    circleBlobKey: async () => notYet(),
    fetchOwnBlob: async () => undefined,
    syncState: () => ({ connection: "off", unsent: 0, problem: null, catchingUp: null }),
    flush: async () => undefined,
    removing: () => [],
    removed: () => undefined,
    renamed: async () => undefined,
    cardChanged: async () => undefined,
    devices: null,
    room: null,
    stop: async () => undefined,
  };
}

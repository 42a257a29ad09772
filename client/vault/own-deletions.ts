/**
 * Documents of the pocket that were removed here: the server is told of each, whenever there is net. A row stands for it
 * until the server has answered.
 */
import type { DocumentTag } from "../../crypto/types.ts";
import type { Beyond } from "./beyond.ts";
import type { Syncing } from "./keeper.ts";
import type { Pocket } from "./pocket.ts";

const DELETIONS = ["deletion"] as const;

export interface OwnDeletions extends Pick<Beyond, "removing" | "removed"> {
  /** At the start: tells the server of those it didn't answer to. Doesn't wait for it. */
  resume(): Promise<void>;
}

export function createOwnDeletions({ keyring, store }: Pocket, syncing: Pick<Syncing, "ask">): OwnDeletions {
  const forgetOnServer = async (document: DocumentTag): Promise<void> => {
    await syncing.ask({ type: "deleteDocument", space: keyring.me.pocket, document });
    await store.commit([store.remove("spaces", DELETIONS, document)]);
  };

  return {
    removing: (document) => [store.put("spaces", DELETIONS, document, document)],
    removed: (document) => void forgetOnServer(document).catch(() => undefined),
    resume: async () => {
      for (const { value } of await store.list<DocumentTag>("spaces", DELETIONS))
        void forgetOnServer(value).catch(() => undefined);
    },
  };
}

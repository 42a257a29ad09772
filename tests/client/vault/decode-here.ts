/** A decoder without a worker, for tests whose updates are all honest: the same look, and no deadline. */
import { mayApply } from "../../../client/documents/probe.ts";
import type { Decoder } from "../../../client/vault/decoder.ts";

export const decodeHere: Decoder = {
  sift: async (base, suspects) => {
    const accepted = [...base];
    return suspects.map((one) => {
      const may = mayApply(accepted, [one]);
      if (may) accepted.push(one);
      return may;
    });
  },
  stop: () => undefined,
};

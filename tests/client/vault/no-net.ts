import { type Http, type Transport, TransportError } from "../../../client/vault/ports.ts";

/** A browser without net: every line is closed at once, every question unanswered. */
export const noNet: Transport = {
  connect: (events) => {
    setTimeout(() => events.closed(1006), 0);
    return { send: () => undefined, close: () => undefined };
  },
  http: new Proxy({} as Http, {
    get: () => async () => {
      throw new TransportError("offline");
    },
  }),
};

/** Joint pages: "we write this together", live for both while both are on line. */
import { type ReadonlySignal, signal } from "@preact/signals";
import type * as Y from "yjs";
import { jointTextOf, readJointTitle, setJointTitle } from "../documents/joint.ts";
import type { DocumentTag } from "../documents/kinds.ts";
import type { PersonId } from "../vault/api.ts";
import { openDocument } from "./open-document.ts";
import type { SavedState } from "./saved.ts";
import { vault } from "./vault.ts";

export interface OpenJointPage {
  readonly document: DocumentTag;
  readonly ready: ReadonlySignal<boolean>;
  readonly text: Y.XmlFragment;
  readonly title: ReadonlySignal<string>;
  readonly saved: ReadonlySignal<SavedState>;
  readonly trouble: ReadonlySignal<"removed" | "failed" | null>;
  /** Whether I let the other see that I am here and where I write. Off until I turn it on, on this page, this time. */
  readonly presence: ReadonlySignal<boolean>;
  /** Where the editor gets the other's cursor from. Of mine it holds nothing while `presence` is off. */
  readonly others: OpenPresence;
  writeTitle(title: string): void;
  /** `name` is what the other sees at my cursor. */
  setPresence(on: boolean, name: string): Promise<void>;
  close(): void;
}

export type OpenPresence = ReturnType<typeof openDocument>["provider"]["awareness"];

export const startJointPage = (person: PersonId, title: string): Promise<DocumentTag> =>
  vault().startJoint(person, title);

export const openJointPage = (document: DocumentTag): OpenJointPage => {
  const title = signal("");
  const presence = signal(false);
  const open = openDocument(document, (doc) => {
    title.value = readJointTitle(doc);
  });
  const { awareness } = open.provider;
  return {
    document,
    ready: open.ready,
    text: jointTextOf(open.doc),
    title,
    saved: open.saved,
    trouble: open.trouble,
    presence,
    others: awareness,
    writeTitle: (next) => open.edit((doc) => setJointTitle(doc, next)),
    setPresence: async (on, name) => {
      if (on) {
        await vault().setPresence(document, true);
        awareness.setLocalState({ user: { name } });
      } else {
        // First the farewell, then the gate: the other way round the cursor would stay on the other's screen.
        awareness.setLocalState(null);
        await vault().setPresence(document, false);
      }
      presence.value = on;
    },
    close: () => {
      if (presence.value) awareness.setLocalState(null);
      open.close();
    },
  };
};

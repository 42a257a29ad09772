/**
 * A Y.Doc as the vault uses it. Yjs gives each one a name, for documents that stand in another, and draws it with 31 calls
 * of the platform's randomness: more than opening a small entry takes otherwise. None of ours stands in another.
 */
import * as Y from "yjs";

export const createDoc = (): Y.Doc => new Y.Doc({ guid: "" });

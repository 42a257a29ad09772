/**
 * Whether a change is letters typed here into one part of the document and nothing else: the commonest change by far, for
 * which a screen needn't read everything else anew. What came from outside is never one; it may hold anything.
 *
 * `transaction.changed` and not `changedParentTypes`: a root that nobody has asked for by its kind yet sends no events.
 */
import type * as Y from "yjs";

export function isTypedInto(part: Y.XmlFragment, { local, changed }: Y.Transaction): boolean {
  return local && changed.size > 0 && [...changed.keys()].every((type) => rootOf(type) === part);
}

/** The part of the document that something stands in. */
function rootOf(type: unknown): unknown {
  let at = type as { readonly parent: unknown };
  while (at.parent !== null && typeof at.parent === "object") at = at.parent as { readonly parent: unknown };
  return at;
}

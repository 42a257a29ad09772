import { useEffect } from "preact/hooks";
import { CASE_KINDS, caseWords } from "../../../state/case.ts";
import { isMarked, type OpenEntry, WISH_SUBJECTS } from "../../../state/entry.ts";
import { language } from "../../../state/language.ts";

/** Where it was done: whoever takes the word off and comes back from drawing doesn't find it on again. */
const done = new Set<OpenEntry["document"]>();

/**
 * What was begun in "my case" says so, in words that the child sees and may take off; a wish that was begun there says what it
 * is about. With the first thing put in, not before.
 */
export function useAbout(entry: OpenEntry, about: string | undefined): void {
  const begun = about !== undefined && entry.ready.value && !isEmpty(entry);
  useEffect(() => {
    if (!begun || done.has(entry.document)) return;
    done.add(entry.document);
    const kind = CASE_KINDS.find((one) => one === about);
    const { tags, subject: chosen } = entry.marks.peek();
    for (const word of kind === undefined ? [] : caseWords(kind, language.peek()))
      if (!tags.includes(word)) entry.toggleWord("tags", word);
    const subject = WISH_SUBJECTS.find((one) => one === about);
    if (subject !== undefined && chosen === null) entry.writeSubject(subject);
  }, [begun, entry]);
}

/** Nothing stands in it. */
export const isEmpty = (entry: OpenEntry): boolean =>
  entry.ready.value &&
  entry.drawings.value.length === 0 &&
  entry.stickers.value.length === 0 &&
  entry.moods.value.length === 0 &&
  !isMarked(entry.marks.value) &&
  entry.photos.value.length === 0 &&
  // One that is being sealed is in a moment.
  !entry.addingPhoto.value &&
  entry.recordings.value.length === 0 &&
  entry.blank.value;

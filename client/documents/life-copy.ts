/** What of a life story, or of the page about me, another person gets: the parts that were chosen, as they stand. */
import type * as Y from "yjs";
import { readPhotos } from "./entry.ts";
import type { CopiedPart, PhotoRef } from "./kinds.ts";
import { readLine } from "./life.ts";
import { isAnswered, readTopics } from "./life-me.ts";

export interface CopiedLife {
  readonly parts: readonly CopiedPart[];
  readonly photos: readonly PhotoRef[];
}

/** `chosen`: ids of stops, or names of topics. A stop's entries stay: each is shown by itself, when the child wants it. */
export function copyParts(doc: Y.Doc, kind: "life" | "me", chosen: readonly string[]): CopiedLife {
  const wanted = new Set(chosen);
  if (kind === "me") {
    const answers = readTopics(doc).filter((answer) => wanted.has(answer.topic) && isAnswered(answer));
    const parts = answers.map(({ topic, signs, text }) => ({ topic, signs, text, title: "", when: null }));
    return { parts, photos: [] };
  }
  const stops = readLine(doc).filter(({ id }) => wanted.has(id));
  const photos = new Set(stops.flatMap((stop) => stop.photos));
  return {
    parts: stops.map(({ sign, title, text, when }) => ({ topic: null, signs: [sign], title, text, when })),
    photos: readPhotos(doc).filter(({ full }) => photos.has(full.blob)),
  };
}

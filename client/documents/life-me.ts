/**
 * "What a new adult should know about me" as an own document: a few topics, each with words and signs. Every topic is a
 * type of its own at the root, so that two devices that begin one at the same time write in the same place.
 *
 * | name | type | holds |
 * |---|---|---|
 * | about | Map | kind: 'me'; createdAt: ms (entry.ts) |
 * | me.likes, me.calms … | Text | the child's words |
 * | me.likes.signs … | Map | name of a sign → when it was put there (ms), which is its place |
 */
import type * as Y from "yjs";
import { ME_TOPICS, type MeTopic, type TopicAnswer } from "./kinds.ts";
import { writeField } from "./plain-field.ts";

const SIGN = /^[a-z][a-z-]{0,31}$/;

const textOf = (doc: Y.Doc, topic: MeTopic): Y.Text => doc.getText(`me.${topic}`);
const signsOf = (doc: Y.Doc, topic: MeTopic): Y.Map<unknown> => doc.getMap(`me.${topic}.signs`);

export const writeTopic = (doc: Y.Doc, topic: MeTopic, words: string): void => writeField(textOf(doc, topic), words);

/** Puts the sign on, or takes it off. `at` in milliseconds, from the caller's clock. */
export function toggleSign(doc: Y.Doc, topic: MeTopic, sign: string, at: number): void {
  const signs = signsOf(doc, topic);
  if (signs.has(sign)) signs.delete(sign);
  else if (SIGN.test(sign)) signs.set(sign, at);
}

/** Every topic, in its fixed order, answered or not. */
export const readTopics = (doc: Y.Doc): readonly TopicAnswer[] =>
  ME_TOPICS.map((topic) => ({
    topic,
    text: textOf(doc, topic).toString(),
    signs: [...signsOf(doc, topic).entries()]
      .flatMap(([sign, at]) => (SIGN.test(sign) && typeof at === "number" ? [{ sign, at }] : []))
      .sort((a, b) => a.at - b.at || (a.sign < b.sign ? -1 : 1))
      .map(({ sign }) => sign),
  }));

export const isAnswered = ({ text, signs }: Pick<TopicAnswer, "text" | "signs">): boolean =>
  text.trim() !== "" || signs.length > 0;

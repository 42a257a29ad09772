import { WISH_SUBJECTS } from "../../../state/entry.ts";
import { language } from "../../../state/language.ts";
import type { ArchiveWords } from "../../../state/types.ts";
import { moodNames } from "../../parts/mood.tsx";
import { signNames, signWord } from "../../parts/sign.tsx";
import { pictureName, t } from "../../text.ts";

const PICTURES = 64;

/** The words for an archive's pages, in the person's language. */
export const archiveWords = (): ArchiveWords => ({
  language: language.value,
  title: t("archive.title"),
  about: t("archive.about"),
  entry: t("book.untitled"),
  wish: t("book.wishes"),
  photo: t("entry.photo"),
  drawing: t("entry.draw"),
  sound: t("archive.sound"),
  video: t("archive.video"),
  putAway: t("book.away"),
  waits: t("archive.waits"),
  unfinished: t("book.unfinished"),
  from: t("archive.from"),
  together: t("archive.together"),
  people: t("archive.people"),
  tags: t("archive.tags"),
  me: t("book.me"),
  life: t("book.life"),
  aboutMe: t("book.aboutMe"),
  seasons: {
    spring: t("book.season.spring"),
    summer: t("book.season.summer"),
    autumn: t("book.season.autumn"),
    winter: t("book.season.winter"),
  },
  age: t("book.age", { age: "{age}" }),
  unknown: t("book.unknown"),
  topics: {
    likes: t("book.topic.likes"),
    calms: t("book.topic.calms"),
    dislikes: t("book.topic.dislikes"),
    people: t("book.topic.people"),
    food: t("book.topic.food"),
    sleep: t("book.topic.sleep"),
    talk: t("book.topic.talk"),
  },
  signs: Object.fromEntries(signNames.map((sign) => [sign, signWord(sign)])),
  subjects: Object.fromEntries(WISH_SUBJECTS.map((subject) => [subject, t(`subject.${subject}`)])),
  moods: Object.fromEntries(moodNames.map((mood) => [mood, t(`mood.${mood}`)])),
  answers: {
    heard: t("wish.heard"),
    agreed: t("wish.agreed"),
    declined: t("wish.declined"),
    done: t("wish.done"),
  },
  pictures: Array.from({ length: PICTURES }, (_, at) => pictureName(at)),
});

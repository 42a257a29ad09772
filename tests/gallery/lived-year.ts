/** What Alma wrote in a year, in three languages: days ago, and what stands in it. Invented. */
import type { WishSubject } from "../../client/documents/marks.ts";
import type { TestLanguage } from "../browser/steps.ts";
import type { DrawnPhoto } from "./drawn-photos.ts";

type Mood = "happy" | "calm" | "so-so" | "sad" | "angry";

export interface Lived {
  readonly daysAgo: number;
  readonly title?: string;
  readonly text?: string;
  readonly mood?: Mood;
  readonly photo?: DrawnPhoto;
  readonly persons?: readonly string[];
  readonly pinned?: true;
  /** Of a wish. */
  readonly subject?: WishSubject;
  readonly answer?: { readonly wish: "heard" | "agreed" | "declined" | "done"; readonly text: string };
}

type Words = readonly (readonly [title: string, text: string])[];

const entries: Record<TestLanguage, Words> = {
  da: [
    ["Fodbold med Noah", "Vi vandt 3-2. Jeg lavede det sidste mål."],
    ["Det, jeg vil sige", "Jeg vil gerne vide, hvor længe jeg skal bo her."],
    ["Pandekager", "Birgit lærte mig at vende dem i luften."],
    ["Vores hule", "Den ligger bag skuret. Kun Noah og jeg kender den."],
    ["Ny i klassen", "Jeg sad ved siden af Sofie. Hun har også en hund."],
    ["Efter besøget", "Far kom for sent. Så spillede vi kort hele dagen."],
    ["Turen til havet", "Vandet var koldt. Bølle ville ikke op igen."],
  ],
  sv: [
    ["Fotboll med Noah", "Vi vann med 3–2. Jag gjorde sista målet."],
    ["Det jag vill säga", "Jag vill veta hur länge jag ska bo här."],
    ["Pannkakor", "Birgitta lärde mig att vända dem i luften."],
    ["Vår hemliga koja", "Den ligger bakom skjulet. Bara Noah och jag vet om den."],
    ["Ny i klassen", "Jag satt bredvid Sofie. Hon har också hund."],
    ["Efter umgänget", "Pappa kom för sent. Sen spelade vi kort hela dagen."],
    ["Vi åkte till havet", "Vattnet var kallt. Bosse ville inte gå upp igen."],
  ],
  en: [
    ["Football with Noah", "We won 3–2. I scored the last goal."],
    ["What I want to say", "I want to know how long I am going to live here."],
    ["Pancakes", "Birgit taught me how to flip them."],
    ["Our secret den", "It is behind the shed. Only Noah and I know about it."],
    ["New at school", "I sat next to Sofie. She has a dog too."],
    ["After the visit", "Dad was late. Then we played cards all day."],
    ["A day by the sea", "The water was cold. Buster did not want to come out."],
  ],
};

/** Days ago, mood, photo of each of `entries`, in their order. */
const when: readonly (readonly [number, Mood, DrawnPhoto?])[] = [
  [3, "happy", "football"],
  [6, "so-so"],
  [9, "happy", "pancakes"],
  [15, "calm", "den"],
  [24, "so-so"],
  [38, "sad"],
  [96, "happy", "lake"],
];

const wishes: Record<TestLanguage, readonly (readonly [WishSubject, string, Lived["answer"]?])[]> = {
  da: [
    ["family", "At se far hver uge", { wish: "heard", text: "Jeg har hørt dig. Jeg taler med din far på tirsdag." }],
    ["school", "Gå til fodbold om onsdagen", { wish: "agreed", text: "Du kan begynde i næste uge." }],
    ["home", "En kat", { wish: "declined", text: "Poul kan ikke tåle katte. Vi kan besøge naboens." }],
  ],
  sv: [
    [
      "family",
      "Att träffa pappa varje vecka",
      { wish: "heard", text: "Jag har hört dig. Jag pratar med pappa på tisdag." },
    ],
    ["school", "Gå på fotboll på onsdagar", { wish: "agreed", text: "Du kan börja nästa vecka." }],
    ["home", "En katt", { wish: "declined", text: "Paul tål inte katter. Vi kan hälsa på grannens." }],
  ],
  en: [
    [
      "family",
      "To see Dad every week",
      { wish: "heard", text: "I have heard you. I will talk to your dad on Tuesday." },
    ],
    ["school", "Football on Wednesdays", { wish: "agreed", text: "You can start next week." }],
    ["home", "A cat", { wish: "declined", text: "Paul is allergic to cats. We can visit the one next door." }],
  ],
};

/** One character a day, the last of them two days ago; a dot is a day without a word. */
const MOODS =
  "h.cc.hs.s.h..cch.d.hh.a.cs.h...cchh.s.c.dd.h.hc..s.hhc.a..ch.s.cc.h.h.dsc..hh.c.a.s.chh..c.h.s.d.cc.hh..s.c";
const byLetter: Record<string, Mood> = { h: "happy", c: "calm", s: "so-so", d: "sad", a: "angry" };

export function livedYear(language: TestLanguage): readonly Lived[] {
  const written = entries[language].map(([title, text], index): Lived => {
    const [daysAgo = 0, mood, photo] = when[index] ?? [];
    return {
      daysAgo,
      title,
      text,
      ...(mood && { mood }),
      ...(photo && { photo }),
      ...(index === 0 && { persons: ["Noah"] }),
    };
  });
  const wished = wishes[language].map(
    ([subject, title, answer], index): Lived => ({
      daysAgo: 12 + 17 * index,
      title,
      subject,
      ...(answer && { answer }),
    }),
  );
  // Every other day or so of the months before: a face and nothing else.
  const moods = [...MOODS].flatMap((letter, index): Lived[] => {
    const mood = byLetter[letter];
    return mood === undefined ? [] : [{ daysAgo: 26 + index * 3, mood }];
  });
  return [...written, ...wished, ...moods];
}

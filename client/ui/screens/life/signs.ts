/** Which signs each place offers, the likeliest first. All of them are in parts/sign.tsx. */
import type { MeTopic } from "../../../state/life.ts";

const words = (line: string): readonly string[] => line.split(" ");

export const stopSigns = words(
  "house-red house-block house-long house-blue gap baby school move mum dad grandma grandpa sibling friends teacher dog cat horse birthday holiday hospital star heart",
);

export const topicSigns: Readonly<Record<MeTopic, readonly string[]>> = {
  likes: words("dog cat horse football ball bike swim dance games draw music book outside friends birthday"),
  calms: words("hug quiet headphones music bed teddy bath walk outside dog cat book draw beside"),
  dislikes: words("shout crowd touch hurry surprise dark"),
  people: words("mum dad grandma grandpa sibling baby friends teacher dog cat"),
  food: words("pizza pasta rice soup meat fish egg greens fruit pancakes milk ice"),
  sleep: words("moon lamp dark door teddy book music quiet clock water bed hug"),
  talk: words("slow ask wait beside draw say walk quiet outside"),
};

/** What a topic is about, for those who don't read its name. */
export const topicSign: Readonly<Record<MeTopic, string>> = {
  likes: "star",
  calms: "teddy",
  dislikes: "shout",
  people: "friends",
  food: "pizza",
  sleep: "bed",
  talk: "say",
};

/**
 * Simpler words for those that offices use. Offered at the desk where an adult writes to a child (nothing is replaced), and
 * listed for the child beside its papers.
 */
const simple: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  da: new Map(
    Object.entries({
      handleplan: "planen for dig",
      barnetsplan: "planen for dig",
      afgørelse: "det, vi har bestemt",
      foranstaltning: "hjælp",
      anbringelse: "der, hvor du bor",
      samvær: "besøg",
      forvaltning: "kommunen",
      myndighed: "kommunen",
      sagsbehandling: "arbejdet med din sag",
      underretning: "en besked om, at vi er bekymrede",
      vedrørende: "om",
      angående: "om",
      såfremt: "hvis",
      eventuelt: "måske",
      endvidere: "også",
      tilbagemelding: "svar",
      netværksmøde: "møde med dem, du kender",
      støtteforanstaltning: "hjælp",
      koordinere: "aftale",
      vurdere: "se på",
      iværksætte: "begynde",
      imødekomme: "sige ja til",
    }),
  ),
  sv: new Map(
    Object.entries({
      genomförandeplan: "planen för dig",
      vårdplan: "planen för dig",
      beslutat: "bestämt",
      placering: "där du bor",
      umgänge: "träffar",
      socialtjänsten: "vi som hjälper dig",
      myndighet: "kommunen",
      utredning: "när vi tar reda på mer",
      orosanmälan: "ett brev om att någon är orolig",
      angående: "om",
      beträffande: "om",
      eventuellt: "kanske",
      dessutom: "också",
      återkoppling: "svar",
      nätverksmöte: "möte med dem du känner",
      samordna: "komma överens",
      bedöma: "titta på",
      verkställa: "göra",
      tillmötesgå: "säga ja till",
    }),
  ),
  en: new Map(
    Object.entries({
      placement: "where you live",
      assessment: "looking at how things are",
      regarding: "about",
      concerning: "about",
      furthermore: "also",
      additionally: "also",
      coordinate: "agree",
      implement: "start",
      intervention: "help",
      safeguarding: "keeping you safe",
      contact: "visits",
    }),
  ),
};

/** A simpler way to say it, or null. Endings are tried: "handleplanen" finds "handleplan". */
export const simplerWord = (word: string, language: string): string | null => {
  const words = simple[language];
  const small = word.toLocaleLowerCase(language);
  for (let cut = 0; cut <= 4 && small.length - cut > 4; cut += 1) {
    const found = words?.get(small.slice(0, small.length - cut));
    if (found !== undefined) return found;
  }
  return null;
};

/** What a child is never called by in Lomme (look.md), nor where it lives: such words aren't taught either. */
const NOT_TAUGHT: readonly string[] = ["anbringelse", "placering", "placement"];

/** Word and what it means, by the alphabet. */
export const plainWords = (language: string): readonly (readonly [string, string])[] =>
  [...(simple[language] ?? [])]
    .filter(([word]) => !NOT_TAUGHT.includes(word))
    .toSorted(([one], [other]) => one.localeCompare(other, language));

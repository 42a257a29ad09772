import type { ShownCopy } from "../../state/types.ts";
import { type TextKey, t } from "../text.ts";
import { Sign, SignList, signWord } from "./sign.tsx";
import { whenWords } from "./when-words.ts";

/** What was chosen of a life story or of a page about me, drawn from the copy alone. */
export function CopiedParts({ parts, level }: { parts: ShownCopy["parts"]; level: 2 | 3 }) {
  const Title = level === 2 ? "h3" : "h4";
  return (
    <ul class="copied-parts">
      {parts.map((part, index) => {
        const when = part.when === null ? "" : whenWords(part.when);
        const [sign = "star"] = part.signs;
        return (
          <li key={index}>
            {part.topic === null ? (
              <>
                <Sign sign={sign} />
                <div>
                  {when !== "" && <p class="voice">{when}</p>}
                  <Title>{part.title || signWord(sign)}</Title>
                  {part.text.trim() !== "" && <p class="said-words">{part.text}</p>}
                </div>
              </>
            ) : (
              <div>
                <Title>{t(`me.${part.topic}Title` as TextKey)}</Title>
                <SignList signs={part.signs} />
                {part.text.trim() !== "" && <p class="said-words">{part.text}</p>}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

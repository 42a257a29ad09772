import { Rise } from "../../parts/rise.tsx";
import { Sign, signWord } from "../../parts/sign.tsx";
import { t } from "../../text.ts";
import { stopSigns } from "./signs.ts";

/** What stands on the line: a home, a school, somebody, a move, an animal, or that something is missing. No letter typed. */
export function ChooseSign({ onChoose, onClose }: { onChoose: (sign: string) => void; onClose: () => void }) {
  return (
    <Rise title={t("life.choose")} onClose={onClose}>
      <div class="sign-field">
        {stopSigns.map((sign) => (
          <button key={sign} type="button" onClick={() => onChoose(sign)}>
            <Sign sign={sign} bare />
            <span>{signWord(sign)}</span>
          </button>
        ))}
      </div>
    </Rise>
  );
}

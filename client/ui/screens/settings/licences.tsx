import { useEffect, useState } from "preact/hooks";
import { type Licence, readLicences } from "../../../state/about.ts";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import "./settings.css";

/** Everything of others that is in this build, with its licence; made when it was built. */
export function Licences() {
  const [all, setAll] = useState<readonly Licence[] | null | "reading">("reading");
  useEffect(() => void readLicences().then(setAll), []);
  return (
    <Screen>
      <h1>{t("about.licences")}</h1>
      <p class="lead">{t("about.thanks")}</p>
      {all === null && <p>{t("about.notHere")}</p>}
      {all !== null &&
        all !== "reading" &&
        all.map(({ name, version, licence, text }) => (
          <details key={name} class="licence">
            <summary>
              <b>{name}</b>
              <span class="meta">
                {version} · {licence}
              </span>
            </summary>
            <pre lang="en">{text}</pre>
          </details>
        ))}
    </Screen>
  );
}

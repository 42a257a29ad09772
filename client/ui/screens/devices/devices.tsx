import { dayInWords } from "../../../i18n/when.ts";
import { devices } from "../../../state/devices.ts";
import { language } from "../../../state/language.ts";
import { go } from "../../../state/route.ts";
import type { Device } from "../../../state/types.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./devices.css";

/** Where this pocket is: every device, this one marked, and adding one. */
export function Devices() {
  const all = useList(devices);
  return (
    <Screen
      hem={
        <Button kind="line" icon="plus" wide onPress={() => go("link-give")}>
          {t("devices.add")}
        </Button>
      }
    >
      <h1>{t("devices.title")}</h1>
      <p class="lead">{t("devices.lead")}</p>
      <ul class="devices">
        {all?.map((device) => (
          <li key={device.id}>
            <span>
              <b>{device.name || t(`device.${device.kind}`)}</b>
              <span class="meta">{underOf(device)}</span>
            </span>
            {device.isThis && <Icon name="check" />}
          </li>
        ))}
      </ul>
    </Screen>
  );
}

const underOf = (device: Device): string => {
  const since = t("devices.since", { day: dayInWords(device.since, Date.now(), language.value) });
  return device.isThis ? `${t("devices.this")} · ${since}` : since;
};

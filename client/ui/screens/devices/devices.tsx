import { dayInWords } from "../../../i18n/when.ts";
import { devices, devicesSign } from "../../../state/devices.ts";
import { language } from "../../../state/language.ts";
import { go } from "../../../state/route.ts";
import type { Device } from "../../../state/types.ts";
import { DOT } from "../../heads.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { NamedPicture } from "../../parts/picture.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";
import "./devices.css";

/** Where this pocket is: every device, this one marked, and adding one. */
export function Devices() {
  const all = useList(devices);
  const several = all !== null && all.length > 1;
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
              {several && !device.isThis && !device.removing && (
                <span class="meta">{t(device.holdsSame ? "devices.same" : "devices.notSame")}</span>
              )}
            </span>
            {device.isThis && <Icon name="check" />}
            {!device.isThis && !device.removing && (
              <Button kind="quiet" onPress={() => go("device-lost", { device: device.id })}>
                {t("devices.lost")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {several && <Sign />}
    </Screen>
  );
}

/** What stands here, as four pictures to compare with another device in the hand. */
function Sign() {
  const sign = useList(devicesSign);
  return (
    <>
      <p class="lead">{t(sign === null ? "devices.signMissing" : "devices.sign")}</p>
      {sign !== null && (
        <ol class="mine sign">
          {sign.map((picture, index) => (
            <li key={index}>
              <NamedPicture picture={picture} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

const underOf = (device: Device): string => {
  const since = t("devices.since", { day: dayInWords(device.since, Date.now(), language.value) });
  if (device.removing) return t("devices.removing");
  return device.isThis ? `${t("devices.this")}${DOT}${since}` : since;
};

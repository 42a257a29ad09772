import { useEffect, useState } from "preact/hooks";
import { devices, removeDevice } from "../../../state/devices.ts";
import { back, goInstead, place } from "../../../state/route.ts";
import { AskCode } from "../../parts/ask-code.tsx";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { useList } from "../../use-list.ts";

/** A lost device: what removing it does, what it may still have, and from when on; then the code, and what became of it. */
export function DeviceLost() {
  const [id] = useState(place.value.params.device);
  const all = useList(devices);
  const [asking, setAsking] = useState(false);
  const [decided, setDecided] = useState(false);
  const device = all?.find((one) => one.id === id);
  const unknown = all !== null && device === undefined && !decided;
  useEffect(() => {
    if (unknown) back();
  }, [unknown]);
  if (asking && device !== undefined) {
    return (
      <AskCode
        onLeave={() => setAsking(false)}
        onCode={async (code) => {
          const refused = await removeDevice(device.id, code);
          if (refused !== null) return refused;
          setDecided(true);
          setAsking(false);
          return null;
        }}
      />
    );
  }
  if (decided) {
    const waits = device !== undefined;
    return (
      <Screen
        hem={
          <div class="equal">
            <Button kind="line" onPress={back}>
              {t("linking.finish")}
            </Button>
            <Button kind="now" icon="card" onPress={() => goInstead("card")}>
              {t("wait.newCard")}
            </Button>
          </div>
        }
      >
        <h1>{t(waits ? "lost.waitingTitle" : "lost.doneTitle")}</h1>
        <p class="lead" role="status">
          {t(waits ? "lost.waiting" : "lost.done")}
        </p>
        <p class="lead">{t("lost.had")}</p>
        <p class="lead">{t("lost.card")}</p>
      </Screen>
    );
  }
  if (device === undefined) return <Screen>{null}</Screen>;
  return (
    <Screen
      hem={
        <Button kind="line" wide onPress={() => setAsking(true)}>
          {t("lost.remove")}
        </Button>
      }
    >
      <h1>{device.name === "" ? t("lost.titleKind") : t("lost.title", { name: device.name })}</h1>
      <p class="lead">{t("lost.does")}</p>
      <p class="lead">{t("lost.had")}</p>
      <p class="lead">{t("lost.until")}</p>
      <p class="lead">{t("lost.others")}</p>
      <p class="lead">{t("lost.back")}</p>
    </Screen>
  );
}

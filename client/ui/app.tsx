import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { coverWords } from "../state/cover.ts";
import { place } from "../state/route.ts";
import type { RouteId } from "../state/route-table.ts";
import { phase } from "../state/session.ts";
import { vaultBroken } from "../state/vault.ts";
import { LiveRegion } from "./parts/live.tsx";
import { Elsewhere, Trouble } from "./screens/trouble.tsx";
import { type ScreenComponent, screens } from "./screens.ts";
import { t, textsReady } from "./text.ts";

const loaded = signal<ReadonlyMap<RouteId, ScreenComponent>>(new Map());

function CurrentScreen() {
  const { id, params } = place.value;
  const Screen = loaded.value.get(id);
  useEffect(() => {
    document.documentElement.dataset.screen = id;
    if (loaded.peek().has(id)) return;
    void screens[id]().then((component) => {
      loaded.value = new Map(loaded.peek()).set(id, component);
    });
  }, [id]);
  // A key per place: going from one code to another starts a fresh screen.
  return Screen ? <Screen key={`${id} ${Object.values(params).join(" ")}`} params={params} /> : null;
}

/** The whole page: the current screen, what has to be said aloud, and the words on the cover. */
export function App() {
  if (phase.value === "elsewhere") return <Elsewhere />;
  // A worker that can't even start never answers.
  if (phase.value === "trouble" || (phase.value === "starting" && vaultBroken.value)) return <Trouble />;
  if (phase.value === "starting" || !textsReady.value) return null;
  return (
    <>
      <CurrentScreen />
      <LiveRegion />
      <p id="cover-words" class="vh" aria-live="assertive">
        {coverWords.value === "closing" && t("first.closing")}
        {coverWords.value === "sending" && t("first.sending")}
      </p>
    </>
  );
}

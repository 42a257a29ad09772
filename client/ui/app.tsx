import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { coverWords } from "../state/cover.ts";
import { lockRefused, stayOpen } from "../state/lock.ts";
import { covered, opening, type Place, place } from "../state/route.ts";
import type { RouteId } from "../state/route-table.ts";
import { phase } from "../state/session.ts";
import { vaultBroken } from "../state/vault.ts";
import { LiveRegion } from "./parts/live.tsx";
import { Elsewhere, NotHere, Trouble } from "./screens/trouble.tsx";
import { type ScreenComponent, screens } from "./screens.ts";
import { t, textsReady } from "./text.ts";

/** null: could not be fetched. That is when the net goes before all of Lomme has come, in its first seconds here. */
const loaded = signal<ReadonlyMap<RouteId, ScreenComponent | null>>(new Map());
const put = (id: RouteId, component: ScreenComponent | null): void => {
  loaded.value = new Map(loaded.peek()).set(id, component);
};

function load(id: RouteId): void {
  if (loaded.peek().get(id)) return;
  screens[id]().then(
    (component) => put(id, component),
    () => put(id, null),
  );
}

function ScreenAt({ at: { id, params } }: { at: Place }) {
  const Screen = loaded.value.get(id);
  useEffect(() => load(id), [id]);
  if (Screen === null) return <NotHere onAgain={() => load(id)} />;
  // A key per place: going from one code to another starts a fresh screen.
  return Screen ? <Screen key={`${id} ${Object.values(params).join(" ")}`} params={params} /> : null;
}

/** The current screen; under help, the screen it was asked from waits unchanged, out of sight and out of reach. */
function Screens() {
  const isOpening = opening.value;
  // While the code is derived there is time: what stands behind it is there when it opens.
  useEffect(() => {
    if (!isOpening) return;
    load("home");
    // Without it the focus may start anew where it was lost.
    void import("./keep-focus.ts").then(({ keepFocus }) => keepFocus()).catch(() => undefined);
  }, [isOpening]);
  const under = covered.value;
  const isCovered = under !== null;
  const top = place.value;
  const left = useRef<{ focus: Element | null; scroll: number } | null>(null);
  // Read before the screen is hidden: a hidden one has neither.
  if (isCovered && left.current === null) left.current = { focus: document.activeElement, scroll: scrollY };
  // With the screen itself, not a frame later.
  useLayoutEffect(() => {
    document.documentElement.dataset.screen = top.id;
  }, [top.id]);
  useLayoutEffect(() => {
    if (isCovered || left.current === null) return;
    const { focus, scroll } = left.current;
    left.current = null;
    scrollTo(0, scroll);
    if (focus instanceof HTMLElement && focus.isConnected) focus.focus({ preventScroll: true });
  }, [isCovered]);
  return (
    <>
      <div class="room" hidden={isCovered}>
        <ScreenAt at={under ?? top} />
      </div>
      {isCovered && <ScreenAt at={top} />}
    </>
  );
}

const question = signal<ComponentType | null>(null);

/** Asked only where the last words aren't kept: loaded when they aren't. Where it can't be, one stays. */
function LockQuestion() {
  const Question = question.value;
  useEffect(() => {
    void import("./parts/lock-refused.tsx").then(({ LockRefused }) => {
      question.value = LockRefused;
    }, stayOpen);
  }, []);
  return Question && <Question />;
}

/** The whole page: the current screen, what has to be said aloud, and the words on the cover. */
export function App() {
  if (phase.value === "elsewhere") return <Elsewhere />;
  // A worker that can't even start never answers.
  const isBroken = vaultBroken.value && (phase.value === "starting" || phase.value === "locked");
  if (phase.value === "trouble" || isBroken) return <Trouble />;
  if (phase.value === "starting" || !textsReady.value) return null;
  return (
    <>
      <Screens />
      {lockRefused.value && <LockQuestion />}
      <LiveRegion />
      <p id="cover-words" class="vh" aria-live="assertive">
        {coverWords.value === "closing" && t("first.closing")}
        {coverWords.value === "sending" && t("first.sending")}
      </p>
    </>
  );
}

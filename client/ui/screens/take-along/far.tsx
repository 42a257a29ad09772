import type { ReadonlySignal } from "@preact/signals";
import { Button } from "../../parts/button.tsx";
import { Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";

/** Something long, and how far it is. */
export function Far(props: {
  title: string;
  lead: string;
  done: ReadonlySignal<number>;
  total: ReadonlySignal<number>;
  onStop: () => void;
}) {
  const done = props.done.value;
  const total = props.total.value;
  return (
    <Screen
      back="none"
      hem={
        <Button kind="line" wide icon="stop" onPress={props.onStop}>
          {t("take.stop")}
        </Button>
      }
    >
      <h1>{props.title}</h1>
      <p class="lead">{props.lead}</p>
      <progress class="far" max={Math.max(1, total)} value={done} aria-label={props.title} />
      <p role="status" class="meta">
        {total > 0 ? t("take.far", { done, total }) : ""}
      </p>
    </Screen>
  );
}

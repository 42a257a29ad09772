import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { sealAfter } from "../../../state/before-sealing.ts";
import { type DrawingId, openDrawing, type Stroke } from "../../../state/drawing.ts";
import { holdPicture } from "../../../state/pictures.ts";
import { back, place, type RouteParams } from "../../../state/route.ts";
import type { PhotoRef, Summary } from "../../../state/types.ts";
import { vaultCode } from "../../../state/vault.ts";
import { Button } from "../../parts/button.tsx";
import { Word } from "../../parts/lists.tsx";
import { Hem, Screen } from "../../parts/screen.tsx";
import { t } from "../../text.ts";
import { SavedMark } from "../entry/saved-mark.tsx";
import { ToolButton } from "../entry/tool-button.tsx";
import { Crayons } from "./crayons.tsx";
import "./draw.css";
import { drawAll, drawStroke, sizes } from "./strokes.ts";
import { usePen } from "./use-pen.ts";

/** Pixels of the finished picture's longer edge: as large as a photo is kept. */
const PICTURE_PX = 2048;

/** Drawing on paper, or on a photo of the entry. The lines lie in the entry as soon as each is drawn. */
export function Draw({ params }: { params: RouteParams }) {
  const document = params.document as Summary["document"];
  const over = (params.over ?? null) as PhotoRef["full"]["blob"] | null;
  const drawing = useMemo(
    () => openDrawing(document, params.drawing as DrawingId, over),
    [document, params.drawing, over],
  );
  const below = useBelow(drawing.over.value);
  const [colour, setColour] = useState(0);
  const [size, setSize] = useState(1);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const paper = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = drawing.strokes.value;
  const height = drawing.height.value;
  // What is drawn already, as one picture: a moving pen draws its own line anew, not all of them.
  const before = useRef<OffscreenCanvas | null>(null);
  const paint = (line: Stroke | null): void => {
    const shown = canvas.current;
    const context = shown?.getContext("2d");
    if (shown === null || !context || before.current === null) return;
    context.drawImage(before.current, 0, 0);
    if (line !== null) drawStroke(context, line, shown.width);
  };
  useLayoutEffect(() => {
    const shown = canvas.current;
    if (shown === null) return;
    const width = Math.round(shown.clientWidth * devicePixelRatio);
    if (before.current === null || before.current.width !== width || shown.height !== Math.round(width * height)) {
      shown.width = width;
      shown.height = Math.round(width * height);
      before.current = new OffscreenCanvas(shown.width, shown.height);
    }
    const context = before.current.getContext("2d");
    if (context !== null) drawAll(context, before.current, below, strokes);
    paint(null);
  }, [height, below, strokes]);
  const pen = usePen({ paper, colour, size: sizes[size] ?? sizes[1], height, onLine: paint, onStroke: drawing.add });
  const left = useMemo(() => new AbortController(), [drawing]);
  // After the pen's own end: a line that is being drawn when the screen goes is still handed over.
  useEffect(
    () => () => {
      left.abort();
      drawing.close();
    },
    [drawing],
  );

  const done = async (): Promise<void> => {
    if (busy) return;
    if (strokes.length === 0) {
      drawing.discard();
      back();
      return;
    }
    // Its photo isn't here yet: a picture without it would not be what was drawn on.
    if (drawing.over.value !== null && below === null) {
      setTrouble(t("draw.failed"));
      return;
    }
    setBusy(true);
    try {
      await sealAfter(pictureOf(height, below, strokes).then(drawing.finish));
      // Whoever went back meanwhile stays where they are; so does who asked for help over it.
      if (!left.signal.aborted && place.peek().id === "draw") back();
      else setBusy(false);
    } catch (error) {
      setTrouble(t(vaultCode(error) === "storage-full" ? "draw.full" : "draw.failed"));
      setBusy(false);
    }
  };
  return (
    <Screen
      middle={<SavedMark entry={drawing} />}
      footer={
        <Hem>
          <Crayons colour={colour} size={size} onColour={setColour} onSize={setSize} />
          <div class="tools">
            <ToolButton icon="takeBack" label={t("draw.undo")} onPress={drawing.undo} />
            <Button kind="now" onPress={() => void done()}>
              {t("entry.done")}
            </Button>
          </div>
        </Hem>
      }
    >
      <h1 class="vh">{t("draw.title")}</h1>
      {trouble !== null && <Word icon="warning">{trouble}</Word>}
      {/* A field that takes arrows and Space itself: with this role screen readers let them through. */}
      <div
        ref={paper}
        class="draw-paper"
        style={{ "--tall": height }}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what is drawn on is used by keyboard too
        tabIndex={0}
        aria-label={t("draw.paper")}
        aria-describedby="draw-keys"
        aria-busy={!drawing.ready.value}
        {...pen.handlers}
      >
        <canvas ref={canvas} />
        {pen.at !== null && (
          <svg class="draw-pen" viewBox={`0 0 1 ${height}`} aria-hidden="true">
            <circle cx={pen.at.x} cy={pen.at.y} r={pen.at.down ? 0.012 : 0.02} />
          </svg>
        )}
      </div>
      <p id="draw-keys" class="meta draw-keys">
        {t("draw.keys")}
      </p>
      {strokes.length > 0 && (
        <p class="vh" role="status">
          {t("draw.lines", { count: strokes.length })}
        </p>
      )}
    </Screen>
  );
}

/** The photo below, decoded, held as long as the screen shows it. */
function useBelow(photo: PhotoRef | null): HTMLImageElement | null {
  const [image, setImage] = useState<HTMLImageElement | null>(null);
  useEffect(() => {
    if (photo === null) return;
    const held = holdPicture(photo.full);
    const stop = held.state.subscribe((state) => {
      if (typeof state !== "object") return;
      const loaded = new Image();
      loaded.src = state.url;
      void loaded.decode().then(
        () => setImage(loaded),
        () => undefined,
      );
    });
    return () => {
      stop();
      held.release();
    };
  }, [photo]);
  return image;
}

/** @throws Error when the browser has no memory for it */
async function pictureOf(height: number, below: HTMLImageElement | null, strokes: readonly Stroke[]): Promise<Blob> {
  const width = Math.round(PICTURE_PX / Math.max(1, height));
  const canvas = new OffscreenCanvas(width, Math.round(width * height));
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  drawAll(context, canvas, below, strokes);
  return canvas.convertToBlob({ type: "image/png" });
}

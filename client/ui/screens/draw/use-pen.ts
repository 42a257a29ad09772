/**
 * The pen on a canvas: finger, mouse or stylus, and the keyboard: arrows move it (with Shift further), Space sets it
 * down and lifts it. A stroke is handed over when the pen is lifted.
 */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Point, Stroke } from "../../../state/drawing.ts";
import { NO_PRESSURE } from "./strokes.ts";

/** A keyboard's step, in shares of the drawing's width. */
const STEP = 0.02;
const FAR_STEP = 0.1;
/** Longer lines are parted, so that one write stays small. */
const MAX_POINTS = 4000;

export interface Pen {
  /** Where the keyboard's pen is; null while it was not used. */
  readonly at: { readonly x: number; readonly y: number; readonly down: boolean } | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: (event: PointerEvent) => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
}

interface PenParts {
  /** The field that is drawn on. */
  readonly paper: RefObject<HTMLElement | null>;
  readonly colour: number;
  readonly size: number;
  /** Height in shares of the width. */
  readonly height: number;
  /** The line so far, while the pen is down. */
  readonly onLine: (stroke: Stroke) => void;
  readonly onStroke: (stroke: Stroke) => void;
}

export function usePen({ paper, colour, size, height, onLine, onStroke }: PenParts): Pen {
  const points = useRef<Point[]>([]);
  const pointer = useRef<number | null>(null);
  const [at, setAt] = useState<Pen["at"]>(null);
  const stroke = (): Stroke => ({ colour, size, points: points.current });

  const lift = (): void => {
    pointer.current = null;
    if (points.current.length > 0) onStroke(stroke());
    points.current = [];
  };
  const mark = (point: Point): void => {
    points.current.push(point);
    onLine(stroke());
    if (points.current.length < MAX_POINTS) return;
    onStroke(stroke());
    points.current = [point];
  };
  const shareOf = (event: PointerEvent): Point => {
    const { left, top, width } = paper.current?.getBoundingClientRect() ?? { left: 0, top: 0, width: 1 };
    const pressure = event.pointerType === "pen" ? event.pressure : NO_PRESSURE;
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / width, pressure };
  };
  // A line that is being drawn when the screen goes is a line all the same.
  const last = useRef(lift);
  last.current = lift;
  useEffect(() => () => last.current(), []);

  return {
    at,
    handlers: {
      onPointerDown: (event) => {
        if (pointer.current !== null || event.button !== 0) return;
        event.preventDefault();
        paper.current?.setPointerCapture(event.pointerId);
        paper.current?.focus({ preventScroll: true });
        lift();
        setAt(null);
        pointer.current = event.pointerId;
        mark(shareOf(event));
      },
      onPointerMove: (event) => {
        if (pointer.current !== event.pointerId) return;
        const moves = event.getCoalescedEvents();
        for (const move of moves.length > 0 ? moves : [event]) mark(shareOf(move));
      },
      onPointerUp: (event) => pointer.current === event.pointerId && lift(),
      onPointerCancel: (event) => pointer.current === event.pointerId && lift(),
      onKeyDown: (event) => {
        const now = at ?? { x: 0.5, y: height / 2, down: false };
        const step = event.shiftKey ? FAR_STEP : STEP;
        const [dx, dy] = arrows[event.key] ?? [0, 0];
        if (event.key === " ") {
          event.preventDefault();
          if (now.down) lift();
          else mark({ x: now.x, y: now.y, pressure: NO_PRESSURE });
          setAt({ ...now, down: !now.down });
        } else if (dx !== 0 || dy !== 0) {
          event.preventDefault();
          const next = { ...now, x: within(now.x + dx * step, 1), y: within(now.y + dy * step, height) };
          if (next.down) mark({ x: next.x, y: next.y, pressure: NO_PRESSURE });
          setAt(next);
        }
      },
      onBlur: () => {
        if (at === null) return;
        lift();
        setAt(null);
      },
    },
  };
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));

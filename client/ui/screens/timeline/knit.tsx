import { moodWord } from "../../heads.ts";
import { moodNames } from "../../parts/mood.tsx";
import { formatDate, t } from "../../text.ts";
import type { DayOfYear } from "./year.ts";

const SIDE = 7.6;
const STEP_X = 9.6;
const STEP_Y = 11.5;
const LEFT = 40;
const TOP = 6;

/** A day's pixel: five shapes in five colours, so that nothing rests on colour alone. An empty day is just thread. */
function Pixel({ mood, x, y, side = SIDE }: { mood: string; x: number; y: number; side?: number }) {
  const half = side / 2;
  if (mood === "happy") return <circle class="m-happy" cx={x + half} cy={y + half} r={half} />;
  if (mood === "calm") {
    return <rect class="m-calm" x={x} y={y + side * 0.28} width={side} height={side * 0.46} rx={side * 0.2} />;
  }
  if (mood === "so-so") {
    return <rect class="m-so-so" x={x + side * 0.06} y={y + side * 0.06} width={side * 0.88} height={side * 0.88} />;
  }
  if (mood === "sad") return <path class="m-sad" d={`M${x} ${y + side * 0.1}h${side}l${-half} ${side * 0.85}z`} />;
  if (mood === "angry") {
    const r = half + 0.4;
    return <path class="m-angry" d={`M${x + half} ${y - 0.4}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`} />;
  }
  return <path class="m-own" d={`M${x + half} ${y}v${side}M${x} ${y + half}h${side}`} />;
}

interface KnitProps {
  readonly year: number;
  readonly days: readonly DayOfYear[];
  /** Where a press on a day leads (month 0 … 11); the calendar offers the same days by keyboard, 48 px each. */
  readonly onDay?: (month: number, day: number) => void;
}

/** The year as a knitted band: a row per month, a place per day. The list under it says the same in words. */
export function Knit({ year, days, onDay }: KnitProps) {
  const own = days.some(({ mood }) => mood !== null && !moodNames.some((name) => name === mood));
  return (
    <div class="knit">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: too small to be a button; by keyboard the month below does the same */}
      <svg
        class="yr"
        viewBox="0 0 360 144"
        role="img"
        aria-label={t("things.yearLabel", { year })}
        onClick={(event) => {
          const { left, top, width } = event.currentTarget.getBoundingClientRect();
          const found = dayAt(((event.clientX - left) / width) * 360, ((event.clientY - top) / width) * 360, days);
          if (found !== null) onDay?.(found.month, found.day);
        }}
      >
        {Array.from({ length: 12 }, (_, month) => (
          <text key={`m${month + 1}`} x="24" y={TOP + month * STEP_Y + SIDE} class="month">
            {formatDate(Date.UTC(2026, month, 15), { month: "narrow", timeZone: "UTC" })}
          </text>
        ))}
        {days.map(({ month, day, mood }) => {
          const x = LEFT + (day - 1) * STEP_X;
          const y = TOP + month * STEP_Y;
          const key = `${month}-${day}`;
          return mood === null ? (
            <rect key={key} class="thread-dot" x={x + 3.2} y={y + 3.2} width="1.3" height="1.3" />
          ) : (
            <Pixel key={key} mood={mood} x={x} y={y} />
          );
        })}
      </svg>
      <ul class="legend">
        {[...moodNames, ...(own ? ["own:"] : [])].map((mood) => (
          <li key={mood}>
            <svg viewBox="-1 -1 10 10" aria-hidden="true" focusable="false">
              <Pixel mood={mood} x={0} y={0} side={8} />
            </svg>
            {mood === "own:" ? t("entry.ownMood") : moodWord(mood)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The day at this place of the band, in its own units; null beside it. */
function dayAt(x: number, y: number, days: readonly DayOfYear[]): DayOfYear | null {
  const month = Math.floor((y - TOP + (STEP_Y - SIDE) / 2) / STEP_Y);
  const day = Math.floor((x - LEFT + (STEP_X - SIDE) / 2) / STEP_X) + 1;
  return days.find((one) => one.month === month && one.day === day) ?? null;
}

/** Five drawn moods: five silhouettes, one pair of eyes. Told apart by outline, never by colour alone. */
export const moodNames = ["happy", "calm", "so-so", "sad", "angry"] as const;
export type MoodName = (typeof moodNames)[number];

const ink = "#1d2433";
const line = { fill: "none", stroke: ink, "stroke-width": 2.8, "stroke-linecap": "round" } as const;

function Eyes({ y = 20, apart = 8 }: { y?: number; apart?: number }) {
  return (
    <>
      <circle cx={24 - apart} cy={y} r="2.6" fill={ink} />
      <circle cx={24 + apart} cy={y} r="2.6" fill={ink} />
    </>
  );
}

const faces: Record<MoodName, () => preact.JSX.Element> = {
  happy: () => (
    <>
      <circle cx="24" cy="24" r="22" fill="#f4b73f" />
      <Eyes />
      <path d="M14 28q10 11 20 0" {...line} />
    </>
  ),
  calm: () => (
    <>
      <path d="M2 30a22 20 0 0 1 44 0v6a6 6 0 0 1-6 6H8a6 6 0 0 1-6-6z" fill="#a5bc78" />
      <path d="M12 26q4 4 8 0M28 26q4 4 8 0M19 34q5 3.5 10 0" {...line} />
    </>
  ),
  "so-so": () => (
    <>
      <rect x="4" y="4" width="40" height="40" rx="5" fill="#e3cfaf" />
      <Eyes />
      <path d="M16 32h16" {...line} />
    </>
  ),
  sad: () => (
    <>
      <path d="M24 1c8 10 18 17 18 29a18 17 0 0 1-36 0C6 18 16 11 24 1z" fill="#8fbbdd" />
      <Eyes y={26} apart={7} />
      <path d="M17 37q7-6 14 0" {...line} />
    </>
  ),
  angry: () => (
    <>
      <path d="M9 6l7 6h16l7-6c5 6 7 13 7 20 0 11-9 18-22 18S2 37 2 26C2 19 4 12 9 6z" fill="#f0866b" />
      <path d="M12 18l8 4M36 18l-8 4M16 36q8-5 16 0" {...line} />
      <Eyes y={25} apart={7} />
    </>
  ),
};

/** The face alone; its word stands beside it. */
export function MoodFace({ mood }: { mood: MoodName }) {
  const Face = faces[mood];
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <Face />
    </svg>
  );
}

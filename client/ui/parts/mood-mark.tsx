import { MoodFace, type MoodName, moodNames } from "./mood.tsx";

/** The face of a mood; one that the child made itself has a face without a mouth: its word says the rest. */
export function MoodMark({ mood }: { mood: string }) {
  const known = moodNames.find((name): name is MoodName => name === mood);
  if (known !== undefined) return <MoodFace mood={known} />;
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path d="M13 40a11 11 0 0 1-2-21.800A14 14 0 0 1 37 17a11.600 11.600 0 0 1-1 23z" fill="#c9b3d6" />
      <circle cx="18" cy="27" r="2.6" fill="#1d2433" />
      <circle cx="31" cy="27" r="2.6" fill="#1d2433" />
    </svg>
  );
}

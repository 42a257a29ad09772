import { useEffect } from "preact/hooks";
import type { LiveList } from "../state/live-list.ts";

/** The list's value, kept up to date while the screen shows it. Null until the first answer. */
export const useList = <T>(list: LiveList<T>): T | null => {
  useEffect(() => list.hold(), [list]);
  return list.value.value;
};

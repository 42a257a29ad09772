import { useEffect } from "preact/hooks";
import type { LiveList } from "../state/live-list.ts";

/** The list's value, asked for when the screen comes; drawn again whenever it changes. Null until the first answer. */
export const useList = <T>(list: LiveList<T>): T | null => {
  useEffect(() => {
    void list.refresh();
  }, [list]);
  return list.value.value;
};

import { useEffect, useRef } from "preact/hooks";
import { markOpened } from "../state/sharing.ts";
import type { Received } from "../state/types.ts";

/** A glimpse while scrolling past isn't reading. */
const READ_MS = 700;

/** Notes that it was opened (an adult's Lomme tells the child) once its text really was on the screen: in view, and the window shown. */
export const useOnScreen = (item: Received) => {
  const element = useRef<HTMLDivElement>(null);
  const { id, openedAt } = item;
  useEffect(() => {
    if (element.current === null || openedAt !== null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver(([entry]) => {
      clearTimeout(timer);
      if (entry?.isIntersecting !== true) return;
      timer = setTimeout(() => {
        if (document.visibilityState !== "visible") return;
        observer.disconnect();
        void markOpened(id).catch(() => undefined);
      }, READ_MS);
    });
    observer.observe(element.current);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [id, openedAt]);
  return element;
};

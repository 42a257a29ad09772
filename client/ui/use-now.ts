import { useEffect, useState } from "preact/hooks";

/** The time, drawn again every `everyMs`: for waits that grow while one looks at them. */
export const useNow = (everyMs: number): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
};

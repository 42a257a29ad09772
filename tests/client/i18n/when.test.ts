import { describe, expect, it } from "vitest";
import { dayAndTime, dayAtTime, dayInWords, daysBetween, waited, weekdayTitle } from "../../../client/i18n/when.ts";

const at = (text: string): number => new Date(text).getTime();
const now = at("2026-11-20T10:30:00");

describe("times in words", () => {
  it("says today, yesterday, the weekday, then the date, which no line break parts", () => {
    expect(dayInWords(at("2026-11-20T00:01:00"), now, "da")).toBe("i\u00a0dag");
    expect(dayInWords(at("2026-11-19T23:59:00"), now, "da")).toBe("i\u00a0går");
    expect(dayInWords(at("2026-11-14T12:00:00"), now, "da")).toBe("lørdag");
    expect(dayInWords(at("2026-11-13T12:00:00"), now, "da")).toBe("13.\u00a0november");
    expect(dayInWords(at("2025-11-20T12:00:00"), now, "sv")).toBe("20\u00a0november 2025");
  });
  it("writes the clock as each language does", () => {
    expect(dayAndTime(at("2026-11-18T16:04:00"), now, "da")).toBe("onsdag 16.04");
    expect(dayAndTime(at("2026-11-20T09:05:00"), now, "sv")).toBe("i\u00a0dag 09:05");
  });
  it("says a time within a sentence as one says it aloud, tomorrow too", () => {
    expect(dayAtTime(at("2026-11-21T19:57:00"), now, "da")).toBe("i\u00a0morgen kl.\u00a019.57");
    expect(dayAtTime(at("2026-11-21T19:57:00"), now, "sv")).toBe("i\u00a0morgon kl.\u00a019:57");
    expect(dayAtTime(at("2026-11-23T19:57:00"), now, "da")).toBe("den\u00a023.\u00a0november kl.\u00a019.57");
    expect(dayAtTime(at("2026-11-18T16:04:00"), now, "da")).toBe("onsdag kl.\u00a016.04");
    expect(dayAtTime(at("2026-11-21T19:57:00"), now, "en")).toBe("tomorrow at\u00a019:57");
  });
  it("counts calendar days across the change to winter time", () => {
    expect(daysBetween(at("2026-10-24T12:00:00"), at("2026-10-26T01:00:00"))).toBe(2);
  });
  it("gives a waiting time in its largest whole unit", () => {
    expect(waited(now - 59 * 60_000, now)).toEqual({ count: 59, unit: "minute" });
    expect(waited(now - 60 * 60_000, now)).toEqual({ count: 1, unit: "hour" });
    expect(waited(now - 49 * 3_600_000, now)).toEqual({ count: 2, unit: "day" });
    expect(waited(now + 5_000, now)).toEqual({ count: 0, unit: "minute" });
  });
  it("begins a heading with a capital", () => {
    expect(weekdayTitle(now, "da")).toBe("Fredag");
  });
});

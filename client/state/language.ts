/**
 * Language, country and ground (light or dark) of this page. Before a pocket is chosen they follow the device; a
 * pocket's cover brings its own. What was chosen without a pocket is kept in localStorage: it says nothing about anyone.
 */
import { effect, signal } from "@preact/signals";
import type { Country, Language, Look } from "./types.ts";

export type Ground = "device" | "linen" | "blanket";

const spoken = (code: string): Language | null => {
  const short = code.slice(0, 2).toLowerCase();
  if (short === "da" || short === "sv" || short === "en") return short;
  return short === "nb" || short === "nn" || short === "no" ? "da" : null;
};

function deviceLanguage(): Language {
  const kept = localStorage.getItem("language");
  for (const code of [kept ?? "", ...navigator.languages]) {
    const language = spoken(code);
    if (language) return language;
  }
  return "da";
}

function deviceCountry(): Country {
  const kept = localStorage.getItem("country");
  if (kept === "dk" || kept === "se") return kept;
  return language.peek() === "sv" || Intl.DateTimeFormat().resolvedOptions().timeZone === "Europe/Stockholm"
    ? "se"
    : "dk";
}

function deviceGround(): Ground {
  const kept = localStorage.getItem("ground");
  return kept === "linen" || kept === "blanket" ? kept : "device";
}

export const language = signal<Language>(deviceLanguage());
export const country = signal<Country>(deviceCountry());
export const ground = signal<Ground>(deviceGround());
/** Which of the three looks the texts and parts take; "quiet" also for adults. */
export const look = signal<Look>("middle");

/** Keeps the choice for a device without a pocket. */
export function chooseLanguage(chosen: Language): void {
  language.value = chosen;
  localStorage.setItem("language", chosen);
  if (chosen !== "en") chooseCountry(chosen === "sv" ? "se" : "dk");
}

export function chooseCountry(chosen: Country): void {
  country.value = chosen;
  localStorage.setItem("country", chosen);
}

export function chooseGround(chosen: Ground): void {
  ground.value = chosen;
  if (chosen === "device") localStorage.removeItem("ground");
  else localStorage.setItem("ground", chosen);
}

/** Keeps `<html>` in step: lang for voices and hyphens, data-ground and data-look for the style sheets. */
export function followSettings(): void {
  const { documentElement: html } = document;
  effect(() => {
    html.lang = language.value;
    html.dataset.look = look.value;
    if (ground.value === "device") delete html.dataset.ground;
    else html.dataset.ground = ground.value;
  });
}

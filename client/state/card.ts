/** The recovery card while it is shown: its rows live in memory from making it until the page is left or locked. */
import { signal } from "@preact/signals";
import { vault } from "./vault.ts";

/** Six rows of five pictures, 0 … 63 each; null before it was made and after it was tried. */
export const cardRows = signal<readonly (readonly number[])[] | null>(null);

/** Makes a new card; an older one ends. @throws VaultError code-needed, and nothing changed */
export async function makeCard(): Promise<void> {
  cardRows.value = await vault().makeCard();
}

const rowsToTry = 2;

/** Two different rows, 0 … 5, for trying the card out. */
export async function drawRowsToTry(): Promise<readonly number[]> {
  const first = (await vault().drawNumbers(1, 6))[0] ?? 0;
  const step = (await vault().drawNumbers(1, 5))[0] ?? 0;
  return [first, (first + 1 + step) % 6].slice(0, rowsToTry).sort((one, other) => one - other);
}

/** Tells the vault that the card was tried; its rows leave memory here. @returns whether it is this pocket's card */
export async function confirmCard(): Promise<boolean> {
  const rows = cardRows.value;
  if (!rows) return false;
  const fits = await vault()
    .tryCard(rows)
    .catch(() => false);
  if (fits) cardRows.value = null;
  return fits;
}

export type CardState = Awaited<ReturnType<ReturnType<typeof vault>["cardState"]>>;
export const readCardState = (): Promise<CardState> => vault().cardState();

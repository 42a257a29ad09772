/** Arrow keys in a field of tiles: along its rows, and up and down its columns. Tab still comes by each of them. */
export function moveAmongTiles(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const tiles = [...event.currentTarget.children] as HTMLElement[];
  const columns = tiles.findIndex(({ offsetTop }) => offsetTop !== tiles[0]?.offsetTop);
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  const from = tiles.indexOf(event.target as HTMLElement);
  if (step === undefined || from < 0) return;
  event.preventDefault();
  tiles[from + step]?.focus();
}

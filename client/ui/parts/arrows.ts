const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Arrow keys in a field of tiles: to the next one that way, as the eye has it. Tab still comes by each of them. */
export function moveAmongTiles(event: KeyboardEvent): void {
  const way = directions[event.key];
  const from = event.target;
  if (way === undefined || !(from instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const here = from.getBoundingClientRect();
  let nearest = Number.POSITIVE_INFINITY;
  let next: HTMLElement | null = null;
  for (const tile of from.parentElement?.children ?? []) {
    const there = tile.getBoundingClientRect();
    const [x, y] = [there.x - here.x, there.y - here.y];
    const along = x * way[0] + y * way[1];
    // A step to the side costs more than one along: the same row or column comes first.
    const far = along + 4 * Math.abs(x * way[1] + y * way[0]);
    if (along <= 1 || far >= nearest || !(tile instanceof HTMLElement)) continue;
    nearest = far;
    next = tile;
  }
  next?.focus();
}

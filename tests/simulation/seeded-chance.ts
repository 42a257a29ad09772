/**
 * The platform's randomness, which a simulation takes over: keys, ids and the client ids of Yjs come from its seed too, so
 * that a failing seed fails again in the same way. To be imported before Yjs, which remembers the function that it finds.
 */
let chance: (() => number) | null = null;

const real = globalThis.crypto.getRandomValues.bind(globalThis.crypto);

function fill<T extends ArrayBufferView>(array: T): T {
  if (chance === null) return real(array as unknown as Uint8Array<ArrayBuffer>) as unknown as T;
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(chance() * 256);
  return array;
}

Object.defineProperty(globalThis.crypto, "getRandomValues", { configurable: true, value: fill });

/** @param random even in 0 … 1 */
export async function withChance<T>(random: () => number, work: () => Promise<T>): Promise<T> {
  const before = chance;
  chance = random;
  try {
    return await work();
  } finally {
    chance = before;
  }
}

/** The same for what is done at once, inside of a `withChance` too: it draws nothing from the simulation's own. */
export function drawnFrom<T>(random: () => number, work: () => T): T {
  const before = chance;
  chance = random;
  try {
    return work();
  } finally {
    chance = before;
  }
}

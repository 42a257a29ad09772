/** While the code is chosen the steps behind it are loaded. Without that they load when one comes to them. */
export const readyInside = (): void => void import("./inside.ts").catch(() => undefined);

/** As much of vitest as the acceptance suite of storage uses, for running it in a page. */
export const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];
let group = "";

export function describe(name: string, body: () => void): void {
  group = name;
  body();
}

export function it(name: string, body: () => void | Promise<void>): void {
  const whole = `${group} ${name}`;
  tests.push({ name: whole, run: async () => body() });
}

const picture = (value: unknown): string =>
  String(JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? `bytes ${[...one]}` : one)));

function mustBe(good: boolean, actual: unknown, expected: unknown): void {
  if (!good) throw new Error(`got ${picture(actual)}, not ${picture(expected)}`);
}

export const expect = (actual: unknown) => ({
  toBe: (expected: unknown) => mustBe(Object.is(actual, expected), actual, expected),
  toEqual: (expected: unknown) => mustBe(picture(actual) === picture(expected), actual, expected),
  toBeNull: () => mustBe(actual === null, actual, null),
  resolves: {
    toBeUndefined: async () => {
      const value = await (actual as Promise<unknown>);
      mustBe(value === undefined, value, undefined);
    },
  },
  rejects: {
    toMatchObject: async (expected: Readonly<Record<string, unknown>>) => {
      const error = await (actual as Promise<unknown>).then(
        (value) => ({ resolved: value }),
        (reason: unknown) => reason as Readonly<Record<string, unknown>>,
      );
      for (const [field, value] of Object.entries(expected)) {
        const seen = (error as Readonly<Record<string, unknown>>)[field];
        mustBe(seen === value, seen, value);
      }
    },
  },
});

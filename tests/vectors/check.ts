/** What a check of a vector is made of, in any realm: no test runner, no Node. */
import { CryptoError } from "../../crypto/errors.ts";
import { toHex } from "../../crypto/sodium.ts";

export type Check = { readonly name: string; readonly run: () => void | Promise<void> };

/** Bytes of whatever brand the callee asks for. */
export const bytes = (hex: string): never =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) as never;
/** An id, a kind or a code of the file, as whatever brand the callee asks for. */
export const word = (text: string): never => text as never;

/** Hex for bytes, at any depth; keys in order. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    one instanceof Uint8Array
      ? toHex(one)
      : typeof one === "object" && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : one,
  );

export function same(actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [plain(actual), plain(expected)];
  if (is !== shouldBe) throw new Error(`expected ${shouldBe.slice(0, 300)}, got ${is.slice(0, 300)}`);
}

export function refused(act: () => unknown, code: string): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof CryptoError)) throw error;
    same(error.code, code);
    return;
  }
  throw new Error(`expected ${code}, but it went through`);
}

/** Every byte that `act` draws comes from these, in order; all of them are drawn. */
export function drawing<Result>(drawn: readonly string[], act: () => Result): Result {
  const left = [...drawn];
  const original = crypto.getRandomValues;
  crypto.getRandomValues = (into) => {
    if (into instanceof Uint8Array) into.set(bytes(left.shift() ?? ""));
    return into;
  };
  try {
    const result = act();
    same(left, []);
    return result;
  } finally {
    crypto.getRandomValues = original;
  }
}

/** One check for each case, named by what it is or attacks. */
export const each = <Case extends object>(
  of: string,
  cases: readonly Case[],
  run: (one: Case) => void | Promise<void>,
): Check[] =>
  cases.map((one, i) => {
    const { name, attacks } = one as { readonly name?: string; readonly attacks?: string };
    return { name: `${of} ${i}: ${[name, attacks].filter(Boolean).join(": ")}`, run: () => run(one) };
  });

/**
 * Public-key operations that the devices of one simulation would compute over and over: five devices verify the same record,
 * the server makes a proof once more to compare it, each start derives the same key pairs. All of these are pure (nothing
 * random, no state): for exactly the same bytes the library gives exactly the same answer. So the first answer is kept, under
 * every byte that went in. A record, key or proof that an attack changed by one bit is computed like any other.
 *
 * It lies under crypto/sodium.ts, in the library's own object: the product stays as it is, and calls what it always calls.
 */
import sodium from "libsodium-wrappers-sumo";

const PURE = [
  "crypto_sign_verify_detached",
  "crypto_sign_detached",
  "crypto_sign_seed_keypair",
  "crypto_kem_xwing_seed_keypair",
  "crypto_kem_xwing_dec",
] as const;
type Name = (typeof PURE)[number];
type Pure = (...parts: Uint8Array[]) => unknown;

/** Longer messages come seldom, and would be kept whole. */
const MAX_BYTES = 8_192;

let remembered: Map<string, unknown> | null = null;
let inPlace = false;

/** While `work` runs, which begins when the library is ready; what is remembered ends with it. */
export async function rememberingCrypto<T>(work: () => Promise<T>): Promise<T> {
  // Not before: the library puts its functions there once it is ready.
  if (!inPlace) for (const name of PURE) remember(name);
  inPlace = true;
  remembered = new Map();
  try {
    return await work();
  } finally {
    remembered = null;
  }
}

function remember(name: Name): void {
  const library = sodium as unknown as Record<Name, Pure>;
  const real = library[name];
  library[name] = (...parts) => {
    if (remembered === null || parts.some(({ length }) => length > MAX_BYTES)) return real(...parts);
    const asked = `${name} ${parts.map(asText).join(" ")}`;
    const known = remembered.get(asked);
    if (known !== undefined) return copyOf(known);
    const answer = real(...parts);
    remembered.set(asked, copyOf(answer));
    return answer;
  };
}

/** Its length stands before it: no two lists of parts give the same text. */
const asText = (part: Uint8Array): string =>
  `${part.length}:${Buffer.from(part.buffer, part.byteOffset, part.length).toString("latin1")}`;

/** Whoever asked wipes what it got. */
function copyOf(answer: unknown): unknown {
  if (answer instanceof Uint8Array) return answer.slice();
  if (typeof answer !== "object" || answer === null) return answer;
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, copyOf(value)]));
}

/**
 * Passkeys of this device through WebAuthn, with the extension prf: 32 secret bytes that only the device gives out, after
 * a finger, a face or its own code. Works without a network. Its name in the device's own list is "Lomme" and nothing else.
 */
import { computed, signal } from "@preact/signals";
import { refusalOf } from "./code-again.ts";
import { pickerClosed, pickerOpened } from "./lock.ts";
import { pocket, type Refusal, take } from "./session.ts";
import type { Passkey } from "./types.ts";
import { vault } from "./vault.ts";

/** Pictures that go with a child's passkey. */
export const PASSKEY_PICTURES = 4;
const SALT_BYTES = 32;
const OUTPUT_BYTES = 32;
/** The device's own question; nobody waits for it longer. */
const TIMEOUT_MS = 60_000;

/** Whether this browser and this device can do it; where that can't be known it isn't offered. */
export const passkeyIsPossible = signal(false);

/** What settings offer: making one, or taking away the one there is. */
export const mayHavePasskey = computed(() => passkeyIsPossible.value || (pocket.value?.passkey ?? null) !== null);

export async function readPasskeyIsPossible(): Promise<void> {
  passkeyIsPossible.value = await isPossible().catch(() => false);
}

async function isPossible(): Promise<boolean> {
  if (typeof PublicKeyCredential === "undefined") return false;
  const told = (await PublicKeyCredential.getClientCapabilities?.()) ?? {};
  if (told["extension:prf"] !== true) return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}

export interface MadePasskey extends Passkey {
  readonly output: Uint8Array;
}

/** Makes one on this device. Null when the person said no, or the device has no such secret. */
export async function createPasskey(): Promise<MadePasskey | null> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { name: "Lomme" },
        // A random user each time: neither who it is nor how many pockets there are stands in the device's list.
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name: "Lomme", displayName: "Lomme" },
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key" as const, alg })),
        authenticatorSelection: {
          authenticatorAttachment: "platform",
          residentKey: "discouraged",
          userVerification: "required",
        },
        attestation: "none",
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  if (made === null) return null;
  const credential = new Uint8Array(made.rawId);
  // Some devices answer only when they are asked again.
  const output = outputOf(made) ?? (await askPasskey({ credential, salt }));
  return output === null ? null : { credential, salt, output };
}

/** The 32 bytes, after a finger or a face. Null when the person said no, or the passkey is gone. */
export async function askPasskey({ credential, salt }: Passkey): Promise<Uint8Array | null> {
  const given = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: [{ type: "public-key", id: credential.slice() }],
        userVerification: "required",
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: salt.slice() } } },
      },
    }),
  );
  return given === null ? null : outputOf(given);
}

/** The device's question lies over the page and may hide it: what is being written isn't locked away for that. */
async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  pickerOpened();
  try {
    return (await ask()) as PublicKeyCredential | null;
  } catch {
    // One error for no, too late, unknown and not here; none says more to a person.
    return null;
  } finally {
    pickerClosed();
  }
}

function outputOf(credential: PublicKeyCredential): Uint8Array | null {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return null;
  const bytes = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength).slice()
    : new Uint8Array(first.slice(0));
  return bytes.length === OUTPUT_BYTES ? bytes : null;
}

/** Four pictures that the app draws: other ones than those of the code. */
export const drawFourPictures = (): Promise<readonly number[]> => vault().drawNumbers(PASSKEY_PICTURES, 64);

/** Makes it a way in. The code must have been given again before. @returns null when it is one */
export const addPasskey = (made: MadePasskey, pictures: readonly number[]): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().addPasskey({ ...made, pictures });
    made.output.fill(0);
    take(await vault().cover());
  });

/** It opens nothing any more; the device's own list may still show it. */
export const removePasskey = (): Promise<Refusal | null> =>
  refusalOf(async () => {
    await vault().removePasskey();
    take(await vault().cover());
  });

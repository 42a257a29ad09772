/** Other people's vectors as named checks of crypto/, for whichever realm runs them. Where each is from: README.md. */
import { aeadOpen, aeadSeal } from "../../crypto/cipher.ts";
import { boxPairFromSeed, decapsulate, encapsulate, verify } from "../../crypto/sodium.ts";
import { bytes, type Check, drawing, refused, same } from "./check.ts";
import ed25519 from "./others/ed25519.json" with { type: "json" };
import xchacha from "./others/xchacha20-poly1305.json" with { type: "json" };
import xwing from "./others/xwing.json" with { type: "json" };

const xwingChecks = (): Check[] =>
  xwing.cases.map(({ seed, eseed, ss, pk, ct }, i) => ({
    name: `X-Wing (draft-connolly-cfrg-xwing-kem) ${i}`,
    run: () => {
      const { publicKey, privateKey } = boxPairFromSeed(bytes(seed));
      same([publicKey, privateKey], [pk, seed]);
      const { ciphertext, sharedSecret } = drawing([eseed], () => encapsulate(publicKey));
      same([ciphertext, sharedSecret], [ct, ss]);
      same(decapsulate(ciphertext, privateKey), ss);
    },
  }));

const ed25519Checks = (): Check[] =>
  ed25519.cases.map(({ id, comment, key, message, signature, valid }) => ({
    name: `Ed25519 (Wycheproof) ${id} ${comment}`,
    run: () => {
      const check = () => verify(bytes(signature), bytes(message), bytes(key));
      if (signature.length === 128) same(check(), valid);
      else refused(check, "bad-size");
    },
  }));

const xchachaChecks = (): Check[] =>
  xchacha.cases.map(({ id, comment, key, nonce, bound, plaintext, sealed, valid }) => ({
    name: `XChaCha20-Poly1305 (Wycheproof) ${id} ${comment}`,
    run: () => {
      const open = () => aeadOpen(bytes(key), bytes(nonce), bytes(sealed), bytes(bound), (text) => text.slice());
      if (!valid) return refused(open, "does-not-open");
      const whole = { parts: [bytes(plaintext)], size: plaintext.length / 2 };
      same(aeadSeal(bytes(key), bytes(nonce), whole, bytes(bound), bytes("")), sealed);
      return same(open(), plaintext);
    },
  }));

/** All of them. Needs `ready()` of crypto/ first. */
export const othersChecks = (): readonly Check[] => [...xwingChecks(), ...ed25519Checks(), ...xchachaChecks()];

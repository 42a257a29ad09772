import { vi } from "vitest";
import { wasmModule } from "../../crypto/sodium.ts";

/** Keys and nonces that reach the cipher, copied as it is called, and whether memory was clean when it was given back. */
export function watchCipher() {
  const module = wasmModule();
  const { _crypto_aead_xchacha20poly1305_ietf_encrypt: encrypt, _crypto_aead_xchacha20poly1305_ietf_decrypt: decrypt } =
    module;
  const seen = { sealed: [] as Uint8Array[], opened: [] as Uint8Array[], regions: 0, dirty: 0 };
  const copy = (at: number) => module.HEAPU8.slice(at, at + 32);
  vi.spyOn(module, "_crypto_aead_xchacha20poly1305_ietf_encrypt").mockImplementation((...args) => {
    seen.sealed.push(copy(args[10]));
    return encrypt(...args);
  });
  vi.spyOn(module, "_crypto_aead_xchacha20poly1305_ietf_decrypt").mockImplementation((...args) => {
    seen.opened.push(copy(args[10]));
    return decrypt(...args);
  });
  const { _malloc: malloc, _free: free } = module;
  const sizes = new Map<number, number>();
  vi.spyOn(module, "_malloc").mockImplementation((bytes) => {
    const at = malloc(bytes);
    // What the allocator hands out is full of whatever lay there before; so is ours, from the start.
    module.HEAPU8.fill(0xaa, at, at + bytes);
    sizes.set(at, bytes);
    return at;
  });
  vi.spyOn(module, "_free").mockImplementation((at) => {
    const region = module.HEAPU8.subarray(at, at + (sizes.get(at) ?? 0));
    seen.regions++;
    if (region.some((byte) => byte !== 0)) seen.dirty++;
    free(at);
  });
  return seen;
}

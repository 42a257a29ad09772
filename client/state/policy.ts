/**
 * The page's only Trusted Types policy, `lomme`: it lets through script addresses of our own origin and nothing else
 * (no HTML, no script text). Worker and service worker start through it.
 */
interface Policy {
  createScriptURL(url: string): string | URL;
}
interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

function ownScript(url: string): string {
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) throw new TypeError("only scripts of our own origin start here");
  return address.href;
}

/** Browsers without Trusted Types get the same check and a plain string. */
export function createPolicy(): Policy {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  return factory ? factory.createPolicy("lomme", { createScriptURL: ownScript }) : { createScriptURL: ownScript };
}

/** Which Lomme this is: version, the hash of what it was built from, and the licences of what is in it (tools/licences.ts). */

declare const __LOMME_VERSION__: string;
declare const __LOMME_BUILD__: string;

export const version = __LOMME_VERSION__;
/** SHA-256 of the sources, the first 16 hex digits. */
export const build = __LOMME_BUILD__;

export interface Licence {
  readonly name: string;
  readonly version: string;
  /** As the package says it: MIT, ISC … */
  readonly licence: string;
  readonly text: string;
}

/** In order of name; null when they can't be read (offline before the build was stored). */
export async function readLicences(): Promise<readonly Licence[] | null> {
  try {
    const answer = await fetch("/licences.json");
    return answer.ok ? ((await answer.json()) as readonly Licence[]) : null;
  } catch {
    return null;
  }
}

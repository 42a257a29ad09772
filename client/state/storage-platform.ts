/**
 * What kind of browser keeps Lomme's storage, as far as it matters for keeping it: WebKit deletes what a site has stored after
 * seven days of use without a visit to it, unless it stands on the home screen (or in the Dock). On iPhones and iPads every
 * browser is WebKit.
 */

/** What is asked of the browser; tests give their own. */
export interface BrowserFacts {
  readonly userAgent: string;
  readonly maxTouchPoints: number;
  /** Safari's own word for "started from the home screen"; undefined elsewhere. */
  readonly standalone: boolean | undefined;
  /** The media query `(display-mode: standalone)`. */
  readonly displaysStandalone: boolean;
}

export interface Platform {
  /** Where a site's storage goes unless it is put on the home screen, and by which way it gets there; null elsewhere. */
  readonly forgets: "touch" | "mac" | null;
  /** It was started from the home screen, or as an app. */
  readonly installed: boolean;
}

export function platformOf({ userAgent, maxTouchPoints, standalone, displaysStandalone }: BrowserFacts): Platform {
  const installed = standalone === true || displaysStandalone;
  const isApple = /iPhone|iPad|iPod|Macintosh/.test(userAgent) && /AppleWebKit/.test(userAgent);
  // An iPad says that it is a Mac; no Mac has a screen for fingers.
  const isTouch = /iPhone|iPad|iPod/.test(userAgent) || (isApple && maxTouchPoints > 1);
  const isMacSafari =
    isApple && !isTouch && /Version\/\d+.*Safari\//.test(userAgent) && !/Chrome|Firefox/.test(userAgent);
  return { forgets: isTouch ? "touch" : isMacSafari ? "mac" : null, installed };
}

/** This browser. */
export const platform: Platform = platformOf({
  userAgent: navigator.userAgent,
  maxTouchPoints: navigator.maxTouchPoints,
  standalone: (navigator as { readonly standalone?: boolean }).standalone,
  displaysStandalone: matchMedia("(display-mode: standalone)").matches,
});

/** True where Lomme should be put on the home screen before anything is kept here. */
export const belongsOnHomeScreen = platform.forgets !== null && !platform.installed;

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { quickExit } from "../../state/quick-exit.ts";
import { go, back as goBack } from "../../state/route.ts";
import { t } from "../text.ts";
import { focusOn } from "./focus-on.ts";
import { Icon } from "./icon.tsx";
import { PocketMark } from "./marks.tsx";
import { ReadAloud } from "./read-aloud.tsx";
import { Stitch } from "./stitch.tsx";

export interface ScreenProps {
  readonly children: ComponentChildren;
  /** What the back arrow does; "none" shows Lomme's mark and `name` instead. */
  readonly back?: (() => void) | "history" | "none";
  /** Beside the mark where there is no back arrow. */
  readonly name?: string;
  /** In the top row, between the left and the way out. */
  readonly middle?: ComponentChildren;
  /** The hem: what stands on the pocket's edge. */
  readonly hem?: ComponentChildren;
  readonly hemLabel?: string;
  /** A whole Hem of its own, where a bar is not enough. */
  readonly footer?: ComponentChildren;
  /** false where the screen has the way out in another place ("…", or big on its hem). */
  readonly exit?: boolean;
  /** false where help now stands in another place (the hem of home, "…"). Otherwise it is in the top row. */
  readonly help?: boolean;
  /** cloth: the whole screen is the pocket's own colour (the code). */
  readonly ground?: "cloth" | "linen";
  readonly wide?: boolean;
  /** Content slides out of the pocket: only where it was just opened. */
  readonly slides?: boolean;
}

/**
 * One screen: top row with a way back and the quick exit, main, and the hem. It moves the focus to its heading, so that
 * a screen reader and the keyboard start where the eye does.
 */
export function Screen(props: ScreenProps) {
  const {
    children,
    back = "history",
    name,
    middle,
    hem,
    hemLabel,
    footer,
    exit = true,
    help = exit,
    ground = "linen",
    wide,
    slides,
  } = props;
  const main = useRef<HTMLElement>(null);
  const begun = useRef<HTMLElement | null>(null);
  useEffect(() => scrollTo(0, 0), []);
  // After every drawing until there is one: a screen that waits for its content has no heading at first. Whoever has
  // gone on meanwhile stays where they are.
  useEffect(() => {
    if (begun.current !== null) return;
    begun.current = main.current?.querySelector("h1") ?? null;
    if (!main.current?.contains(document.activeElement)) focusOn(begun.current);
  });
  const names = ["screen", ground === "cloth" ? "code" : "", wide ? "wide" : "", slides ? "slides" : ""];
  return (
    <div class={names.filter(Boolean).join(" ")}>
      <header class="top no-print">
        <button type="button" class="vh" onClick={quickExit}>
          {t("first.leaveNow")}
        </button>
        {back === "none" ? (
          <span>
            <PocketMark />
            {name && <span class="top-name">{name}</span>}
          </span>
        ) : (
          <button type="button" aria-label={t("first.back")} onClick={back === "history" ? goBack : back}>
            <Icon name="back" />
          </button>
        )}
        {middle}
        {!exit && <ReadAloud of="screen" />}
        {exit && (
          <span class="ways-out">
            <ReadAloud of="screen" />
            {help && (
              <button type="button" aria-label={t("help.title")} onClick={() => go("help")}>
                <Icon name="help" />
              </button>
            )}
            <button type="button" onClick={quickExit}>
              <Icon name="exit" />
              <span>{t("first.exit")}</span>
            </button>
          </span>
        )}
      </header>
      <main ref={main}>{children}</main>
      {hem && (
        <Hem label={hemLabel}>
          <div class="bar">{hem}</div>
        </Hem>
      )}
      {footer}
    </div>
  );
}

/** The pocket's edge at the bottom, with its stitch. */
export function Hem({ children, label }: { children?: ComponentChildren; label?: string | undefined }) {
  return (
    <footer class="pocket no-print">
      <div class="cloth" {...(label ? { role: "group", "aria-label": label } : {})}>
        <Stitch />
        {children}
      </div>
    </footer>
  );
}

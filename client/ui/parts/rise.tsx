import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { quickExit } from "../../state/quick-exit.ts";
import { t } from "../text.ts";
import { focusOn } from "./focus-on.ts";
import { Icon } from "./icon.tsx";
import { LiveRegion } from "./live.tsx";
import { ReadAloud } from "./read-aloud.tsx";
import { Stitch } from "./stitch.tsx";

/**
 * A decision: the pocket rises over a veiled screen. A native modal dialog, so focus stays in it, Escape closes it and
 * it gives the focus back. Pass a heading as `title`; `onClose` hears every way of leaving.
 */
export function Rise({
  title,
  children,
  onClose,
  exit = true,
}: {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  /** false where the way out is one of the choices. */
  exit?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const closing = useRef(onClose);
  closing.current = onClose;
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    // A tap on the veil, outside the pocket, closes it too (by keyboard it is Escape).
    const onVeil = (event: MouseEvent) => {
      if (event.target === shown) closing.current();
    };
    shown?.addEventListener("click", onVeil);
    shown?.showModal();
    return () => {
      shown?.removeEventListener("click", onVeil);
      shown?.close();
      // What opened it may have gone with what was decided ("take back"), or nothing did: then the screen begins anew.
      if (before instanceof HTMLElement && before.isConnected && before !== document.body)
        before.focus({ preventScroll: true });
      else focusOn(document.querySelector<HTMLElement>("main h1"));
    };
  }, []);
  // The question comes first, not its first answer: nobody confirms by a key they were still holding. Also the next one.
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <dialog
      ref={dialog}
      class="rise"
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="cloth">
        <Stitch />
        <div class="spoken">
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <ReadAloud of="dialog" />
        </div>
        {children}
        {/* Outside a dialog that is open everything is inert, and so is what would be said there. */}
        <LiveRegion />
      </div>
      {exit && (
        <button type="button" class="rise-exit" onClick={quickExit}>
          <Icon name="exit" />
          <span>{t("first.exit")}</span>
        </button>
      )}
    </dialog>
  );
}

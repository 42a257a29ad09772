import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Stitch } from "./stitch.tsx";

/**
 * A decision: the pocket rises over a veiled screen. A native modal dialog, so focus stays in it, Escape closes it and
 * it gives the focus back. Pass a heading as `title`; `onClose` hears every way of leaving.
 */
export function Rise({
  title,
  children,
  onClose,
}: {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
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
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
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
        <h2>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

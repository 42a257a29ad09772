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
  useEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
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
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
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

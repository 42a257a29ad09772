import { useEffect, useState } from "preact/hooks";
import type { QrDrawing } from "./qr.ts";
import "./scan.css";

/** A code to be scanned off this screen; dark on white in every ground, since scanners want it so. */
export function QrCode({ text, label, under }: { text: string; label: string; under: string }) {
  const [drawing, setDrawing] = useState<QrDrawing | null>(null);
  useEffect(() => {
    void import("./qr.ts").then(({ drawQr }) => setDrawing(drawQr(text)));
  }, [text]);
  if (drawing === null) return null;
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${drawing.size} ${drawing.size}`} role="img" aria-label={label}>
        <rect width="100%" height="100%" fill="#fff" />
        <path d={drawing.path} fill="#1d2433" shape-rendering="crispEdges" />
      </svg>
      <figcaption class="small">{under}</figcaption>
    </figure>
  );
}

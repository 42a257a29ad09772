import type { ComponentChildren } from "preact";

/** One thing that can be set, under its heading. */
export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="setting">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

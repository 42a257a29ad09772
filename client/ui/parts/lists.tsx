import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

/** Facts: an icon and a sentence each. Nothing to press but what the sentence itself holds. */
export function Facts({ facts }: { facts: readonly { icon: IconName; text: ComponentChildren }[] }) {
  return (
    <ul class="facts">
      {facts.map(({ icon, text }, index) => (
        <li key={index}>
          <Icon name={icon} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}

export interface RowProps {
  readonly title: string;
  readonly under?: string | undefined;
  readonly onPress: () => void;
  /** 48 × 48 px: a thumbnail, an icon or a person. */
  readonly start?: ComponentChildren;
  /** What became of it, between its name and the rest. */
  readonly mark?: ComponentChildren;
}

/** One row of a list that leads somewhere; put it in `<ul class="rows">`. */
export function Row({ title, under, onPress, start, mark }: RowProps) {
  return (
    <li>
      <button type="button" onClick={onPress}>
        {start}
        <span>
          <b>{title}</b>
          {mark}
          {under && <span class="meta">{under}</span>}
        </span>
        <span class="go">
          <Icon name="go" />
        </span>
      </button>
    </li>
  );
}

/** A quiet word from Lomme: what is safe comes first. */
export function Word({ icon = "info", children }: { icon?: IconName; children: ComponentChildren }) {
  return (
    <div class="word">
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

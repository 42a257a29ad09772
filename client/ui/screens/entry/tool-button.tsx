import { Icon, type IconName } from "../../parts/icon.tsx";

/** A tool on the hem: its icon with its word under it, since not every child knows the icons. */
export function ToolButton({ icon, label, onPress }: { icon: IconName; label: string; onPress: () => void }) {
  return (
    <button type="button" class="tool" onClick={onPress}>
      <Icon name={icon} />
      <span>{label}</span>
    </button>
  );
}

const pressesNeeded = 3;
const withinMs = 5000;

/** Shift three times within five seconds, alone. Not Escape: that key closes dialogs, and hands find it by accident. */
export function createShiftCounter(leave: () => void): (key: string, at: number) => void {
  let presses: number[] = [];
  return (key, at) => {
    if (key !== "Shift") {
      presses = [];
      return;
    }
    presses = [...presses.filter((earlier) => at - earlier < withinMs), at];
    if (presses.length >= pressesNeeded) leave();
  };
}

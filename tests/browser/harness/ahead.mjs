/** Loaded into a server by a test: its clock is ahead by as many milliseconds as the file CLOCK_AHEAD says, if there is one. */
import { readFileSync } from "node:fs";

const real = Date.now.bind(Date);
Date.now = () => {
  try {
    return real() + Number(readFileSync(process.env.CLOCK_AHEAD ?? "", "utf8"));
  } catch {
    return real();
  }
};

// An `expect(x)` without a matcher can't fail. Biome doesn't find it, so this small check does: it reads every test
// and reports a statement that ends right after the closing bracket of `expect(…)`.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

function* tests(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* tests(path);
    else if (/\.(test|spec)\.tsx?$/.test(name) || /acceptance|story/.test(name)) yield path;
  }
}

/** Line numbers of bare `expect(…)` statements in a source text. */
export function bareExpects(source) {
  const found = [];
  for (const match of source.matchAll(/\bexpect(?:\.soft)?\(/g)) {
    let depth = 1;
    let at = match.index + match[0].length;
    for (; at < source.length && depth > 0; at += 1) {
      const char = source[at];
      if (char === '"' || char === "'" || char === "`") {
        for (at += 1; at < source.length && source[at] !== char; at += 1) if (source[at] === "\\") at += 1;
      } else if (char === "(") depth += 1;
      else if (char === ")") depth -= 1;
    }
    if (!/^\s*\./.test(source.slice(at, at + 200))) found.push(source.slice(0, match.index).split("\n").length);
  }
  return found;
}

const planted = bareExpects('it("x", () => { expect(equal(a, "(b"));\n expect(a).toBe(1); });');
if (planted.length !== 1) {
  console.error("the check for bare expects no longer finds its planted case");
  process.exit(1);
}
let bad = 0;
let read = 0;
for (const path of tests("tests")) {
  read += 1;
  for (const line of bareExpects(readFileSync(path, "utf8"))) {
    bad += 1;
    console.error(`${path}:${line} expect(…) without a matcher can't fail`);
  }
}
console.log(`expects: ${read} test files read, ${bad} without a matcher`);
process.exit(bad > 0 || read === 0 ? 1 : 0);

// An `expect(x)` without a matcher can't fail. Biome doesn't find it, so this small check does: it reads every test
// and reports a statement that ends right after the closing bracket of `expect(…)`.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { bareExpects } from "./bare-expects.ts";

function* tests(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* tests(path);
    else if (/\.(test|spec)\.tsx?$/.test(name) || /acceptance|story/.test(name)) yield path;
  }
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

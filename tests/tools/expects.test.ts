/** The check for `expect(x)` without a matcher, on cases of its own. */
import { describe, expect, it } from "vitest";
import { bareExpects } from "../../tools/bare-expects.ts";

// Put together here, so that the check doesn't find its own test.
const EXPECT = "expect";

describe("an expect without a matcher is found", () => {
  it.each([
    ["alone", `${EXPECT}(a === b);`],
    ["with a bracket in a string", `${EXPECT}(same(a, "(b"));`],
    ["with a template in it", `${EXPECT}(same(a, \`)\`));`],
    ["soft", `${EXPECT}.soft(a);`],
    ["awaited", `await ${EXPECT}(promise);`],
  ])("%s", (_name, source) => expect(bareExpects(source)).toEqual([1]));

  it("with the number of its line", () => {
    expect(bareExpects(`${EXPECT}(a).toBe(1);\n\n${EXPECT}(b);\n`)).toEqual([3]);
  });
});

describe("an expect with a matcher is left alone", () => {
  it.each([
    ["on the same line", `${EXPECT}(a).toBe(b);`],
    ["on the next line", `${EXPECT}(a)\n  .not.toBe(b);`],
    ["polled", `await ${EXPECT}.poll(() => a).toBe(b);`],
    ["soft", `${EXPECT}.soft(a, "why").toBe(b);`],
    ["in a comment", `// ${EXPECT}(a)\n/** ${EXPECT}(b) */`],
  ])("%s", (_name, source) => expect(bareExpects(source)).toEqual([]));
});

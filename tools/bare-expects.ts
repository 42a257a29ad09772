/** Line numbers of `expect(…)` statements without a matcher in a source text: they can't fail. Comments don't count. */
export function bareExpects(source: string): readonly number[] {
  const found: number[] = [];
  for (const match of source.matchAll(/\bexpect(?:\.soft|\.poll)?\(/g)) {
    const before = source.slice(0, match.index).split("\n");
    if (/^\s*(\/\/|\/?\*)/.test(before.at(-1) ?? "")) continue;
    const end = closingBracket(source, match.index + match[0].length);
    if (!/^\s*\./.test(source.slice(end, end + 200))) found.push(before.length);
  }
  return found;
}

/** The place behind the bracket that closes the one before `at`; brackets in strings don't count. */
function closingBracket(source: string, at: number): number {
  let depth = 1;
  let place = at;
  for (; place < source.length && depth > 0; place += 1) {
    const char = source[place];
    if (char === '"' || char === "'" || char === "`") {
      for (place += 1; place < source.length && source[place] !== char; place += 1)
        if (source[place] === "\\") place += 1;
    } else if (char === "(") depth += 1;
    else if (char === ")") depth -= 1;
  }
  return place;
}

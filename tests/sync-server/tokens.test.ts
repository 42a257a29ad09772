import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { TOKEN_SECONDS } from "../../protocol/limits.ts";
import { createTokens } from "../../sync-server/tokens.ts";
import { grantFor, newId } from "./made-up.ts";

const NOW = 1_800_000_000;
const tokens = createTokens(randomBytes(32));
const grant = grantFor(newId(), "write", 5);
const token = tokens.mint(grant, NOW);

test("a token gives back its grant, for ten minutes", () => {
  expect(tokens.check(token, NOW)).toEqual(grant);
  expect(tokens.check(token, NOW + TOKEN_SECONDS - 1)).toEqual(grant);
  expect(tokens.check(token, NOW + TOKEN_SECONDS)).toBeNull();
});

test("a token of another secret is worth nothing", () => {
  expect(createTokens(randomBytes(32)).check(token, NOW)).toBeNull();
});

test("no byte of it can be changed, added or left out", () => {
  const raw = Buffer.from(token, "base64url");
  for (let at = 0; at < raw.length; at++) {
    const changed = Buffer.from(raw);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(tokens.check(changed.toString("base64url"), NOW)).toBeNull();
  }
  for (const other of ["", "x", `${token}A`, token.slice(1), `${token}=`, ` ${token}`, "æ".repeat(82)]) {
    expect(tokens.check(other, NOW)).toBeNull();
  }
});

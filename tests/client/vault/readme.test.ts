import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const VAULT = new URL("../../../client/vault/", import.meta.url);

it("the vault's README has each of its modules in one part, and no other", () => {
  const table = readFileSync(new URL("README.md", VAULT), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .join("\n");
  const named = [...table.matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
  const modules = readdirSync(VAULT).filter((name) => name.endsWith(".ts"));
  expect(new Set(named)).toEqual(new Set(modules));
  expect(named).toHaveLength(modules.length);
});

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const VAULT = new URL("../../../client/vault/", import.meta.url);

it("the README of client/vault names each of its modules in one part", () => {
  const rows = readFileSync(new URL("README.md", VAULT), "utf8").match(/^\| .*$/gm) ?? [];
  const named = [...rows.join("\n").matchAll(/`([a-z-]+\.ts)`/g)].map(([, name]) => name);
  const modules = readdirSync(VAULT).filter((name) => name.endsWith(".ts"));
  expect({
    notNamed: modules.filter((name) => !named.includes(name)),
    notThere: named.filter((name) => !modules.includes(name ?? "")),
    twice: named.filter((name, at) => named.indexOf(name) !== at),
  }).toEqual({ notNamed: [], notThere: [], twice: [] });
});

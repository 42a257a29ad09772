/** Our formats against tests/vectors/*.json, which come from the pages by way of the second implementation. */
import { createPublicKey, verify as nodeVerify } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import capabilities from "../vectors/capabilities.json" with { type: "json" };
import { vectorChecks } from "../vectors/checks.ts";
import { asText, makeVectors } from "../vectors/generate.ts";
import records from "../vectors/records.json" with { type: "json" };

await ready();
const folder = new URL("../vectors/", import.meta.url);

const made = makeVectors();

test("the files are what the generator makes, and there are no others", () => {
  for (const [file, vectors] of Object.entries(made)) {
    expect(readFileSync(new URL(file, folder), "utf8") === asText(vectors), file).toBe(true);
  }
  expect(new Set(Object.keys(made))).toEqual(new Set(readdirSync(folder).filter((file) => file.endsWith(".json"))));
});

describe("every case", () => {
  test.each(vectorChecks().map(({ name, run }) => [name, run] as const))("%s", async (_, run) => {
    expect(await run()).toBeUndefined();
  });

  test("what is refused outnumbers what opens", () => {
    const files = Object.values(made) as Record<string, unknown>[];
    const cases = (key: RegExp) =>
      files.flatMap((file) =>
        Object.entries(file).flatMap(([name, list]) => (key.test(name) && Array.isArray(list) ? list : [])),
      );
    expect(cases(/^invalid/).length).toBeGreaterThan(2 * cases(/^(valid|rows|epochKeys)$/).length);
  });

  test("every kind of record that has a name has a wire byte", () => {
    expect(new Set(records.valid.map(({ outer }) => outer.kind))).toEqual(
      new Set(["said", "void", "update", "snapshot"]),
    );
  });
});

describe("proofs as a server checks them, with node:crypto alone", () => {
  const holds = (publicKey: string, message: string, proof: string) => {
    const der = Buffer.from(`302a300506032b6570032100${publicKey}`, "hex");
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    return nodeVerify(null, Buffer.from(message, "hex"), key, Buffer.from(proof, "hex"));
  };

  test("ours hold", () => {
    for (const { publicKey, message, proof } of [...capabilities.proofs, ...capabilities.drops]) {
      expect(holds(publicKey, message, proof)).toBe(true);
    }
  });

  test.each(capabilities.invalid.map((one) => [one.attacks, one] as const))(
    "%s",
    (_, { publicKey, message, proof }) => {
      expect(holds(publicKey!, message!, proof!)).toBe(false);
    },
  );
});

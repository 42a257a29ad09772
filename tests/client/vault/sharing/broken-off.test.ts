import { describe, expect, test } from "vitest";
import { World } from "./world.ts";

/** Every place where an app can be closed: after each single write of one side. */
describe.each(["child", "caseworker"] as const)("broken off at the %s", (side) => {
  test("after every single write, the pairing still comes to its end", async () => {
    for (let writes = 0; writes < 40; writes++) {
      const world = await World.create();
      const child = await world.add("Alma", "child");
      const caseworker = await world.add("Mette", "caseworker");
      const actor = { child, caseworker }[side];
      const { payload } = await child.sharing.invite("scan");
      actor.core.writesLeft = writes;
      await caseworker.sharing.join(payload, "scan").catch(() => undefined);
      await world.settle().catch(() => undefined);
      const unbroken = actor.core.writesLeft > 0;
      await actor.restart();
      // The link is still open on the caseworker's screen: tried again it is the same person.
      await caseworker.sharing.join(payload, "scan").catch(() => undefined);
      await world.settle();
      const pair = [await child.person("Mette"), await caseworker.person("Alma")];
      expect([side, writes, ...pair.map(({ state }) => state)]).toEqual([side, writes, "paired", "paired"]);
      expect(pair[0]?.circle).toBe(pair[1]?.circle);
      expect(await child.sharing.people()).toHaveLength(1);
      expect(await caseworker.sharing.people()).toHaveLength(1);
      if (unbroken) return;
    }
    throw new Error("never ran to its end unbroken");
  });
});

/** A new device of the child, linked as a person does it: a code is shown and read, pictures compared on both, and said so. */
import type { LinkStep } from "../../client/vault/api.ts";
import type { OfferLink } from "../../client/vault/offer-link.ts";
import { createTakeLink, type TakeLink } from "../../client/vault/take-link.ts";
import { equalBytes } from "../../crypto/sodium.ts";
import { Network } from "./network.ts";
import { VaultDevice, type VaultDeviceParts } from "./vault-device.ts";

const ABOUT = { name: "Telefon", kind: "phone" } as const;

/**
 * The new device; or why it didn't come about: bad luck, or pictures that differed.
 * @throws when it would have taken keys that aren't the child's
 */
export async function linkDevice(
  parts: VaultDeviceParts,
  old: VaultDevice,
): Promise<VaultDevice | { readonly ended: string }> {
  const { world, server, family } = parts;
  const network = new Network(world, server);
  const { http } = network.transport(network.doors());
  const take = createTakeLink({ clock: world.clock, http, emit: () => undefined });
  // No net for a moment, a crash, a key that was swapped: the code is dead, and a person would begin again.
  const ended = await compareAndConfirm(parts, old.link, take).catch(() => "linkBroken");
  if (ended !== null) {
    take.end();
    return { ended };
  }
  const keys = take.keys();
  const honest = family.child.keys.me;
  if (!equalBytes(keys.me.identity.publicKey, honest.identity.publicKey) || keys.me.pocket !== honest.pocket) {
    throw new Error("a new device took keys that are not the child's");
  }
  return VaultDevice.create(parts, family.child, keys, network);
}

/** Null when the new device has its keys. */
async function compareAndConfirm(parts: VaultDeviceParts, old: OfferLink, take: TakeLink): Promise<string | null> {
  const { world } = parts;
  const { payload } = await world.until(old.offer());
  await world.until(take.take(payload, ABOUT));
  const mine = await waitFor(parts, () => old.step(), "compare");
  const theirs = await waitFor(parts, () => take.step(), "compare");
  if (mine?.step !== "compare" || theirs?.step !== "compare") return "linkBroken";
  const same = mine.pictures.join() === theirs.pictures.join();
  take.confirm(same);
  await world.until(old.confirm(same));
  if (!same) return "picturesDiffered";
  const last = await waitFor(parts, () => take.step(), "ready");
  return last?.step === "ready" ? null : "linkBroken";
}

/** The step that both wait for, or the last one after a minute. */
async function waitFor(
  { world }: VaultDeviceParts,
  look: () => LinkStep | null,
  wanted: LinkStep["step"],
): Promise<LinkStep | null> {
  for (let passed = 0; passed < 60_000; passed += 250) {
    const step = look();
    if (step === null || step.step === wanted || step.step === "ended") return step;
    await world.run(250);
  }
  return look();
}

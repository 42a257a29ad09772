import { beforeAll, describe, it } from "vitest";
import { ready } from "../../crypto/sodium.ts";
import { simulateVault } from "./vault-simulation.ts";

beforeAll(ready);

/** Each failed before what it found was mended. Where the simulation changes they are only seeds: the unit tests stay. */
describe("vault simulation, seeds that once found something", () => {
  it.each([
    [
      473,
      "a snapshot that came to the server between looking and pruning took an older one with it, for which none stood",
    ],
    [112, "a page of an entry that was on its way while a lost device was taken out counted for nobody"],
    [151, "the same, for what was said"],
    [
      154,
      "what a lost device had written was gone when the server went back in time: only its author brought it again",
    ],
    [190, "the same"],
    [215, "the same"],
    [38, "a rotation was asked once more after hours without net, and what came meanwhile counted for nobody"],
    [
      1000089,
      "a large change went back to a restored server before the blob it lies in, and whoever looked then didn't look again",
    ],
    [
      435,
      "one request for a large change failed while the connection stood, and nobody asked again before the next one",
    ],
    [
      282,
      "a blob went up from a device that had nothing from the server yet; after a restart it didn't know of the restore",
    ],
    [
      7182,
      "a prune asked of one server was asked again of the restored one, where its numbers were the numbers of other records",
    ],
    [
      10977,
      "the simulation's own hand wrote a circle's row as it had read it before newer keys came, and took those away",
    ],
    [
      12495,
      "a deletion that another device signed too late, and signs again itself, was taken for something that can't be used",
    ],
    [
      22161,
      "whoever looked just before let the pocket go again while a device was being decided against: it heard of it, and rotated",
    ],
    [
      37835,
      "after a restore all was called sent before it was known what the server had lost, and the device was given up as lost",
    ],
    [
      41552,
      "a snapshot waited to be signed anew, and the records that it stands for came again from a restored server: another history",
    ],
    [142, "a device that was to be taken out wrote its own row in that moment, and the intent was gone"],
    [21, "a deletion was signed while another device rotated: it is there once more, under the new key"],
  ])("honest seed %d: %s", async (seed) => {
    await simulateVault(seed, { steps: 100, evil: false });
  });

  it.each([
    [6, "nonsense under the name of a record took its place"],
    [
      34,
      "the whole chain of a device that was lost was kept from one that came later, and nothing followed to show it",
    ],
    [38, "the end of a lost device's chain was kept from the one that took it out: the others lost what they had seen"],
    [61, "what a lost device wrote last counted for nobody"],
    [73, "two histories in one space kept a lost device from being taken out"],
    [227, "what had come live was let go for a page that left it out"],
    [
      10295,
      "a page in which all was hidden said that there was more, and what the others wrote later wasn't asked for",
    ],
    [
      12911,
      "a lost device's words were thought to be on another one, which had the last of them and knew that one before it was missing",
    ],
    [
      30118,
      "a lost device's deletion, kept from the one that took it out, was taken for something that nobody noticed",
    ],
    [
      30492,
      "the row of a device that stays was part of a second history: it got no keys and took itself for removed, with what it had to say",
    ],
    [10719, "an id drawn by chance was the attacker's own: one in 256 of those attacks was none"],
  ])("evil seed %d: %s", async (seed) => {
    await simulateVault(seed, { steps: 100, evil: true });
  });
});

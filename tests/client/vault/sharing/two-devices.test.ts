/** What one device of the child decides about a copy that another is still to send. */
import { expect, test } from "vitest";
import { type Actor, World } from "./world.ts";

const endOf = async (child: Actor) => (await child.sharing.shares()).map(({ takeBack }) => takeBack);

/** The tablet shows something, with a photo, where there is no net; the phone has the row of it. */
async function shownWithoutNet() {
  const { world, child: tablet, caseworker } = await World.paired();
  const phone = await world.addDevice(tablet);
  await world.settle();
  tablet.setOnline(false);
  const { document, blobs } = tablet.write({ text: "hej", photos: ["x"] });
  const plain = { notSafeForParents: false, withMoods: false, photos: blobs };
  const share = await tablet.sharing.show(document, await tablet.personId("Mette"), plain);
  const onServer = async () =>
    (world.server.spaces.get(await tablet.circle("Mette"))?.records ?? []).some((record) => record.document === share);
  return { world, tablet, phone, caseworker, share, onServer };
}

test("what one device is still to send stays among the shares when another is opened anew", async () => {
  const { world, tablet, phone, caseworker, share } = await shownWithoutNet();
  await phone.restart();
  expect((await tablet.sharing.shares()).map(({ id }) => id)).toEqual([share]);
  tablet.setOnline(true);
  await world.settle();
  expect(await caseworker.sharing.received()).toHaveLength(1);
  await phone.sharing.takeBack(share);
  await world.settle();
  expect(await caseworker.sharing.received()).toEqual([]);
  expect(await endOf(phone)).toEqual(["gone-unopened"]);
});

test("taken back on the phone before the tablet sent it: it never leaves, and nobody says so sooner", async () => {
  const { world, tablet, phone, caseworker, share, onServer } = await shownWithoutNet();
  await phone.sharing.takeBack(share);
  await phone.restart();
  expect(await endOf(phone)).toEqual(["waiting"]);
  await tablet.sharing.rowsArrived();
  expect(await endOf(tablet)).toEqual(["gone-unopened"]);
  tablet.setOnline(true);
  await world.settle();
  expect(await onServer()).toBe(false);
  expect(await caseworker.sharing.received()).toEqual([]);
  expect(tablet.disk.circleBlobs.size).toBe(0);
});

test("taken back on a phone without net that hasn't got it: as soon as it has, it takes it back", async () => {
  const { world, tablet, phone, caseworker, share, onServer } = await shownWithoutNet();
  phone.setOnline(false);
  tablet.setOnline(true);
  await world.settle();
  expect(await caseworker.sharing.received()).toHaveLength(1);
  await phone.sharing.takeBack(share);
  expect(await endOf(phone)).toEqual(["waiting"]);
  tablet.setOnline(false);
  phone.setOnline(true);
  await world.settle();
  expect(await caseworker.sharing.received()).toEqual([]);
  expect(await onServer()).toBe(false);
  expect(await endOf(phone)).toEqual(["gone-unopened"]);
  expect(caseworker.core.unexplainedGaps(await tablet.circle("Mette"))).toEqual([]);
});

test("frozen and not acknowledged on the tablet: what the phone took back is taken back there", async () => {
  const { world, tablet, phone, caseworker, share } = await shownWithoutNet();
  const append = world.server.append.bind(world.server);
  world.server.append = () => "stale-epoch";
  tablet.core.push(await tablet.circle("Mette"));
  world.server.append = append;
  await phone.sharing.takeBack(share);
  await tablet.sharing.rowsArrived();
  tablet.setOnline(true);
  await world.settle();
  expect(await caseworker.sharing.received()).toEqual([]);
  expect(await endOf(tablet)).toEqual(["gone-unopened"]);
});

test("a copy whose row was taken away: what hasn't left never does, what has is listed and taken back", async () => {
  const { world, tablet, caseworker, share, onServer } = await shownWithoutNet();
  const circle = await tablet.circle("Mette");
  tablet.disk.state.delete(`share/${share}`);
  await tablet.sharing.recordsChanged(circle);
  tablet.setOnline(true);
  await world.settle();
  expect(await onServer()).toBe(false);
  expect(tablet.disk.circleBlobs.size).toBe(0);

  const { document } = tablet.write({ text: "to" });
  const mette = await tablet.personId("Mette");
  const sent = await tablet.sharing.show(document, mette, { notSafeForParents: false, withMoods: false, photos: [] });
  await world.settle();
  const row = JSON.parse(tablet.disk.state.get(`share/${sent}`) ?? "{}");
  tablet.disk.state.delete(`share/${sent}`);
  await tablet.sharing.recordsChanged(circle);
  const [listed] = await tablet.sharing.shares();
  expect(listed).toMatchObject({ id: sent, document: sent, person: mette });
  expect(listed?.steps[0]?.at).toBe(row.at.saved);
  expect(listed?.steps.at(-1)?.step).toBe("arrived");
  await tablet.sharing.takeBack(sent);
  await world.settle();
  expect(await caseworker.sharing.received()).toEqual([]);
  expect(await endOf(tablet)).toEqual(["gone-unopened"]);
});

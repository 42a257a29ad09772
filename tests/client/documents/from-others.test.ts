import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { readCreatedAt, readTitle, textOf } from "../../../client/documents/entry.ts";
import { entryFromJoint, jointTime } from "../../../client/documents/from-others.ts";
import { beginJointPage } from "../../../client/documents/joint.ts";
import { readPlainText } from "../../../client/documents/rich-text.ts";
import { readUpdate } from "../../../client/documents/updates.ts";

const DAY = 24 * 3600 * 1000;
const met = Date.UTC(2026, 5, 1, 12);
const now = Date.UTC(2026, 10, 22, 9);

describe("the time of a joint page", () => {
  it.each([met - DAY, met, met + 1, now, now + DAY])("%d can be so", (at) => {
    expect(jointTime(at, { met, now })).toBe(at);
  });

  it.each([0, -1, met - DAY - 1, now + DAY + 1, 1e300, Number.NaN, Number.POSITIVE_INFINITY, "yesterday", undefined])(
    "%s can't: it is of the day they met",
    (at) => {
      expect(jointTime(at, { met, now })).toBe(met);
    },
  );
});

it("a joint page becomes an entry with its words, whatever was put beside them", () => {
  const page = new Y.Doc();
  beginJointPage(page, "Hulen", 0);
  const paragraph = new Y.XmlElement("paragraph");
  textOf(page).push([paragraph]);
  paragraph.push([new Y.XmlText("ved søen")]);
  page.getMap("moods").set("deep", new Y.Doc());
  const entry = readUpdate(entryFromJoint(page, { together: "Noah", met, now }), (doc) => ({
    title: readTitle(doc),
    text: readPlainText(textOf(doc)),
    at: readCreatedAt(doc),
    about: doc.getMap("about").get("together"),
    beside: doc.share.has("moods"),
  }));
  expect(entry).toEqual({ title: "Hulen", text: "ved søen", at: met, about: "Noah", beside: false });
});

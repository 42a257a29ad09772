import { describe, expect, it } from "vitest";
import { formatMessage } from "../../../client/i18n/message.ts";

describe("messages", () => {
  it("fill in names, and leave an unknown one visible", () => {
    expect(formatMessage("Vis til {name}", { name: "Mette" }, "da")).toBe("Vis til Mette");
    expect(formatMessage("Vis til {name}", {}, "da")).toBe("Vis til {name}");
  });

  it("don't read a name's own braces as a template", () => {
    expect(formatMessage("{name}!", { name: "{count}" }, "da")).toBe("{count}!");
  });

  it("choose the plural of the language, and write the number as it does", () => {
    const template = "{count, plural, =0 {ingen} one {# ting} other {# ting i alt}}";
    expect(formatMessage(template, { count: 0 }, "da")).toBe("ingen");
    expect(formatMessage(template, { count: 1 }, "da")).toBe("1 ting");
    expect(formatMessage(template, { count: 1200 }, "da")).toBe("1.200 ting i alt");
  });

  it("select by word, and fall back to other", () => {
    const template = "{who, select, me {dig} other {{name}}} igen";
    expect(formatMessage(template, { who: "me", name: "Alma" }, "da")).toBe("dig igen");
    expect(formatMessage(template, { who: "x", name: "Alma" }, "da")).toBe("Alma igen");
  });

  it("refuse a text with an open brace", () => {
    expect(() => formatMessage("{count, plural, one {#}", { count: 1 }, "da")).toThrow(SyntaxError);
  });
});

import { describe, expect, it } from "vitest";
import { createHttp } from "../../../client/transport/http.ts";
import {
  decodeBlobCommit,
  decodeCreateSpace,
  decodeTokenOffer,
  encodeMissing,
  encodeRoom,
} from "../../../protocol/codec.ts";
import type { BlobId, DocumentTag, SpaceId, WrapTag } from "../../../protocol/frames.ts";

const space = "11".repeat(16) as SpaceId;
const blob = "22".repeat(16) as BlobId;
const document = "33".repeat(16) as DocumentTag;
const tag = "44".repeat(16) as WrapTag;
const key = new Uint8Array(32).fill(0x55);
const keys = { own: key, write: key, read: key };

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly authorization: string | null;
  readonly body: Uint8Array;
  readonly init: RequestInit;
}

/** A server of one answer, behind the real Request and Response of the platform. */
function answering(status: number, body: Uint8Array | string | null = null) {
  const seen: Seen[] = [];
  const http = createHttp("https://lomme.example", async (url, init) => {
    const request = new Request(url, init);
    seen.push({
      url,
      method: request.method,
      authorization: request.headers.get("Authorization"),
      body: new Uint8Array(await request.arrayBuffer()),
      init,
    });
    return new Response(typeof body === "string" ? body : body?.slice(), { status });
  });
  return { http, seen };
}

const error = (code: string, seconds?: number): string => JSON.stringify({ code, seconds });

describe("http: what is asked", () => {
  it("puts a chunk under its path with the token in the header only", async () => {
    const { http, seen } = answering(204);
    await http.putChunk("tok", space, document, blob, 3, Uint8Array.of(1, 2));
    expect(seen[0]).toMatchObject({
      url: `https://lomme.example/api/spaces/${space}/blobs/${blob}/chunks/3?document=${document}`,
      method: "PUT",
      authorization: "Bearer tok",
      body: Uint8Array.of(1, 2),
    });
  });

  it("carries no cookies, follows no redirect, caches nothing and names no referrer", async () => {
    const { http, seen } = answering(404, error("not-found"));
    await http.getWrap(tag);
    expect(seen[0]?.init).toMatchObject({
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
  });

  it("creates a space with and without a token of the organisation", async () => {
    const { http, seen } = answering(201);
    const create = { space, kind: "pocket" as const, keys, wraps: [{ tag, bytes: key, waitSeconds: 0 }] };
    await http.createSpace(create, null);
    await http.createSpace(create, "org");
    expect(seen.map((request) => request.authorization)).toEqual([null, "Bearer org"]);
    expect(decodeCreateSpace(seen[0]?.body as Uint8Array)).toEqual(create);
  });

  it("asks for the room of a space and offers a token, which stands in the body only", async () => {
    const room = { bytes: 7, quota: 50, most: 2000, unspent: true };
    const { http, seen } = answering(200, encodeRoom(room));
    expect(await http.readRoom("tok", space)).toEqual(room);
    expect(await http.offerToken("tok", space, "org-token")).toEqual(room);
    const url = `https://lomme.example/api/spaces/${space}/room`;
    expect(seen.map(({ method, authorization, ...asked }) => [asked.url, method, authorization])).toEqual([
      [url, "GET", "Bearer tok"],
      [url, "POST", "Bearer tok"],
    ]);
    expect(decodeTokenOffer(seen[1]?.body as Uint8Array)).toBe("org-token");
    const garbage = answering(200, "<html>").http;
    await expect(garbage.readRoom("tok", space)).rejects.toMatchObject({ refusal: "internal" });
  });

  it("commits hashes, drops bytes and fetches an attachment", async () => {
    const { http, seen } = answering(200, Uint8Array.of(9));
    await http.commitBlob("tok", space, blob, [key]);
    await http.drop(key, "Drop aa", Uint8Array.of(4));
    expect(await http.dropAttachment(key, "Drop bb")).toEqual(Uint8Array.of(9));
    expect(decodeBlobCommit(seen[0]?.body as Uint8Array)).toEqual([key]);
    const path = `https://lomme.example/api/drops/${"55".repeat(32)}`;
    expect(seen.slice(1).map(({ url, method, authorization }) => [url, method, authorization])).toEqual([
      [path, "POST", "Drop aa"],
      [`${path}/attachment`, "GET", "Drop bb"],
    ]);
  });
});

describe("http: what is answered", () => {
  it("tells a wrap, a waiting time and nothing apart", async () => {
    expect(await answering(200, Uint8Array.of(1)).http.getWrap(tag)).toEqual(Uint8Array.of(1));
    expect(await answering(425, error("waiting", 61.2)).http.getWrap(tag)).toBe(62);
    expect(await answering(404, error("not-found")).http.getWrap(tag)).toBeNull();
  });

  it("reads which chunks are missing and who the server is", async () => {
    expect(await answering(200, encodeMissing([0, 4])).http.missingChunks("t", space, blob, 5)).toEqual([0, 4]);
    const facts = { protocol: 3, server: "aa".repeat(16), incarnation: "bb".repeat(16), creation: "open" };
    expect(await answering(200, JSON.stringify(facts)).http.server()).toEqual(facts);
  });

  it.each([
    [413, error("over-quota"), "over-quota"],
    [401, error("expired"), "expired"],
    [500, "<html>proxy</html>", "internal"],
    [418, error("no code of ours"), "internal"],
    [403, "null", "internal"],
  ])("refuses %i %s as %s", async (status, body, refusal) => {
    const { http } = answering(status, body);
    const expected = { name: "TransportError", code: "refused", refusal };
    await expect(http.putChunk("t", space, document, blob, 0, key)).rejects.toMatchObject(expected);
    await expect(http.getChunk("t", space, blob, 0)).rejects.toMatchObject(expected);
  });

  it("takes a page of somebody else for a refusal, not for a server", async () => {
    const expected = { code: "refused", refusal: "internal" };
    await expect(answering(200, "<html>log in</html>").http.server()).rejects.toMatchObject(expected);
    const garbled = answering(200, Uint8Array.of(200)).http.missingChunks("t", space, blob, 1);
    await expect(garbled).rejects.toMatchObject({ code: "refused", refusal: "bad-frame" });
  });

  it("is offline when nothing answers", async () => {
    const http = createHttp("https://lomme.example", () => Promise.reject(new TypeError("Failed to fetch")));
    await expect(http.getWrap(tag)).rejects.toMatchObject({ code: "offline", refusal: null });
  });
});

import { expect, test } from "vitest";
import { siteAddress } from "../../src/interface/site-address.ts";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { withPlace, readManifest } from "../../src/reader/manifest.ts";
import type { Manifest, SitePlace } from "../../src/reader/manifest.ts";

async function manifestAt(place: SitePlace | null): Promise<Manifest> {
  const { manifest } = await makeReadersIndex([], { provider: "none", model: null });
  return readManifest(place === null ? manifest.bytes : withPlace(manifest.bytes, place));
}

const ORIGIN = "https://preview.example";
const INDEX = "https://preview.example/pr-7/siterag/";

test.each([
  ["/guide/#a", "/", "../", INDEX, "https://preview.example/pr-7/guide/#a"],
  ["/docs/guide/", "/docs/", "../", INDEX, "https://preview.example/pr-7/guide/"],
  ["/docs/", "/docs/", "../", INDEX, "https://preview.example/pr-7/"],
  ["/docs/a:b/", "/docs/", "../../", INDEX, "https://preview.example/a:b/"],
  ["/guide/", "/", "./", "https://preview.example/docs", "https://preview.example/docs/guide/"],
  ["https://docs.example/a/", "/", "../", INDEX, "https://docs.example/a/"],
  [
    "https://docs.example/v2/a/#b",
    "https://docs.example/v2/",
    "../",
    INDEX,
    "https://preview.example/pr-7/a/#b",
  ],
  ["/elsewhere/", "/docs/", "../", INDEX, "/elsewhere/"],
  ["/guide/", "/", "../", "https://cdn.example/siterag/", "/guide/"],
])("%s below %s, with the way %s from %s, is %s", async (url, base, root, index, address) => {
  expect(siteAddress(url, await manifestAt({ base, root }), index, ORIGIN)).toBe(address);
});

test("an index without a place has addresses as they are written", async () => {
  expect(siteAddress("/guide/", await manifestAt(null), INDEX, ORIGIN)).toBe("/guide/");
});

test.each(["", "/", "https://evil.example/", ".."])(
  "a manifest with the way %j is damaged",
  (root) => expect(manifestAt({ base: "/", root })).rejects.toMatchObject({ code: "damaged" }),
);

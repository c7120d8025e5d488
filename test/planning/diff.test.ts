import { expect, test } from "vitest";
import { diffPage } from "../../src/planning/diff.ts";
import type { Chunk } from "../../src/words/types.ts";

const chunk: Chunk = {
  id: "page.md#usage",
  page: "page.md",
  url: "/page/#usage",
  title: "Page",
  headings: ["Page", "Usage"],
  text: "How to use it.",
  tokens: 5,
  startLine: 3,
  endLine: 5,
  locale: null,
  version: null,
};

const stored = { ...chunk, fingerprint: "print", vectorFingerprint: "print" };
const same = { isStored: true, rowChanged: false, sameInput: true, oldVectorFingerprint: "print" };

test.for([
  {
    what: "a new chunk",
    before: [],
    now: { chunk, fingerprint: "print" },
    change: { isStored: false, rowChanged: true, sameInput: false, oldVectorFingerprint: null },
  },
  {
    what: "edited text",
    before: [stored],
    now: { chunk: { ...chunk, text: "Edited." }, fingerprint: "edited" },
    change: { isStored: true, rowChanged: true, sameInput: false, oldVectorFingerprint: "print" },
  },
  {
    what: "edited text of a row that never had a vector",
    before: [{ ...stored, vectorFingerprint: null }],
    now: { chunk: { ...chunk, text: "Edited." }, fingerprint: "edited" },
    change: { isStored: true, rowChanged: true, sameInput: false, oldVectorFingerprint: null },
  },
  {
    what: "another model",
    before: [stored],
    now: { chunk, fingerprint: "of the other model" },
    change: { isStored: true, rowChanged: true, sameInput: false, oldVectorFingerprint: "print" },
  },
  {
    what: "a pending row without a vector",
    before: [{ ...stored, vectorFingerprint: null }],
    now: { chunk, fingerprint: "print" },
    change: { ...same, oldVectorFingerprint: null },
  },
  {
    what: "a pending row with an older vector",
    before: [{ ...stored, vectorFingerprint: "older" }],
    now: { chunk, fingerprint: "print" },
    change: { ...same, oldVectorFingerprint: "older" },
  },
  {
    what: "text that went back to what the vector in service stands for",
    before: [{ ...stored, fingerprint: "edited", text: "Edited." }],
    now: { chunk, fingerprint: "print" },
    change: { isStored: true, rowChanged: true, sameInput: false, oldVectorFingerprint: "print" },
  },
])("$what is a change", ({ before, now, change }) => {
  const changes = diffPage(before, [now]);
  expect(changes).toEqual({ changed: [{ ...now, ...change }], unchanged: 0, vanished: [] });
});

const columns: Record<string, Partial<Chunk>> = {
  page: { page: "moved.md" },
  url: { url: "/moved/#usage" },
  title: { title: "Other" },
  text: { text: "Display text alone." },
  locale: { locale: "de" },
  version: { version: "2" },
  "first line": { startLine: 4 },
  "last line": { endLine: 6 },
  tokens: { tokens: 6 },
  "one heading less": { headings: ["Page"] },
  "one heading more": { headings: ["Page", "Usage", "More"] },
  "a heading": { headings: ["Page", "Using"] },
  "order of headings": { headings: ["Usage", "Page"] },
};

test.for(Object.entries(columns))(
  "%s alone rewrites the row and keeps its vector",
  ([, difference]) => {
    const now = { chunk: { ...chunk, ...difference }, fingerprint: "print" };
    expect(diffPage([stored], [now]).changed).toEqual([{ ...now, ...same, rowChanged: true }]);
  },
);

test("a chunk as it was is no change", () => {
  const now = { chunk: { ...chunk, headings: [...chunk.headings] }, fingerprint: "print" };
  expect(diffPage([stored], [now])).toEqual({ changed: [], unchanged: 1, vanished: [] });
});

test("ids that the page no longer has are vanished", () => {
  const before = ["a", "b", "c"].map((id) => ({ ...stored, id }));
  const now = { chunk: { ...chunk, id: "b" }, fingerprint: "print" };
  expect(diffPage(before, [now])).toEqual({ changed: [], unchanged: 1, vanished: ["a", "c"] });
  expect(diffPage(before, [])).toEqual({
    changed: [],
    unchanged: 0,
    vanished: ["a", "b", "c"],
  });
});

test("changes come in the order of the page", () => {
  const now = ["c", "a", "b"].map((id) => ({ chunk: { ...chunk, id }, fingerprint: "print" }));
  const { changed, unchanged } = diffPage([{ ...stored, id: "a" }], now);
  expect(changed.map((change) => change.chunk.id)).toEqual(["c", "b"]);
  expect(unchanged).toBe(1);
});

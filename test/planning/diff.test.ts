import { expect, test } from "vitest";
import { diffPage } from "../../src/planning/diff.ts";
import type { Chunk } from "../../src/words/types.ts";

const section = {
  heading: "Usage",
  trail: ["Page"],
  anchor: "usage",
  startLine: 3,
  offset: 0,
} as const;

const chunk: Chunk = {
  id: "page.md#usage",
  page: "page.md",
  url: "/page/#usage",
  title: "Page",
  headings: ["Page", "Usage"],
  text: "How to use it.",
  sections: [section],
  tokens: 5,
  startLine: 3,
  endLine: 5,
  locale: null,
  version: null,
};

const stored = { ...chunk, position: 0, fingerprint: "print", vectorFingerprint: "print" };
const same = {
  isCut: false,
  isStored: true,
  rowChanged: false,
  sameInput: true,
  oldVectorFingerprint: "print",
};

test.for([
  {
    what: "a new chunk",
    before: [],
    now: { position: 0, chunk, fingerprint: "print" },
    change: {
      isCut: false,
      isStored: false,
      rowChanged: true,
      sameInput: false,
      oldVectorFingerprint: null,
    },
  },
  {
    what: "lines that are gone",
    before: [stored],
    now: { position: 0, chunk: { ...chunk, startLine: null, endLine: null }, fingerprint: "print" },
    change: { ...same, rowChanged: true },
  },
  {
    what: "edited text",
    before: [stored],
    now: { position: 0, chunk: { ...chunk, text: "How to edit it." }, fingerprint: "edited" },
    change: {
      isCut: false,
      isStored: true,
      rowChanged: true,
      sameInput: false,
      oldVectorFingerprint: "print",
    },
  },
  {
    what: "edited text of a row that never had a vector",
    before: [{ ...stored, vectorFingerprint: null }],
    now: { position: 0, chunk: { ...chunk, text: "How to edit it." }, fingerprint: "edited" },
    change: {
      isCut: false,
      isStored: true,
      rowChanged: true,
      sameInput: false,
      oldVectorFingerprint: null,
    },
  },
  {
    what: "another model",
    before: [stored],
    now: { position: 0, chunk, fingerprint: "of the other model" },
    change: {
      isCut: false,
      isStored: true,
      rowChanged: true,
      sameInput: false,
      oldVectorFingerprint: "print",
    },
  },
  {
    what: "a pending row without a vector",
    before: [{ ...stored, vectorFingerprint: null }],
    now: { position: 0, chunk, fingerprint: "print" },
    change: { ...same, oldVectorFingerprint: null },
  },
  {
    what: "a pending row with an older vector",
    before: [{ ...stored, vectorFingerprint: "older" }],
    now: { position: 0, chunk, fingerprint: "print" },
    change: { ...same, oldVectorFingerprint: "older" },
  },
  {
    what: "text that went back to what the vector in service stands for",
    before: [{ ...stored, fingerprint: "edited", text: "How to edit it." }],
    now: { position: 0, chunk, fingerprint: "print" },
    change: {
      isCut: false,
      isStored: true,
      rowChanged: true,
      sameInput: false,
      oldVectorFingerprint: "print",
    },
  },
])("$what is a change", ({ before, now, change }) => {
  const changes = diffPage(before, [now]);
  expect(changes).toEqual({ changed: [{ ...now, ...change }], unchanged: 0, vanished: [] });
});

const columns: Record<string, Partial<Chunk>> = {
  page: { page: "moved.md" },
  url: { url: "/moved/#usage" },
  title: { title: "Other" },
  text: { text: "How to show it." },
  locale: { locale: "de" },
  version: { version: "2" },
  "first line": { startLine: 4 },
  "last line": { endLine: 6 },
  tokens: { tokens: 6 },
  "one heading less": { headings: ["Page"] },
  "one heading more": { headings: ["Page", "Usage", "More"] },
  "a heading": { headings: ["Page", "Using"] },
  "one section more": { sections: [section, section] },
  "a section's heading": { sections: [{ ...section, heading: "Using" }] },
  "a section's trail": { sections: [{ ...section, trail: ["Pages"] }] },
  "a section's anchor": { sections: [{ ...section, anchor: null }] },
  "a section's line": { sections: [{ ...section, startLine: 4 }] },
  "a section's place": { sections: [{ ...section, offset: 1 }] },
  "order of headings": { headings: ["Usage", "Page"] },
};

test.for(Object.entries(columns))(
  "%s alone rewrites the row and keeps its vector",
  ([, difference]) => {
    const now = { position: 0, chunk: { ...chunk, ...difference }, fingerprint: "print" };
    expect(diffPage([stored], [now]).changed).toEqual([{ ...now, ...same, rowChanged: true }]);
  },
);

test("a chunk that has moved on its page is a change of its row alone", () => {
  const now = { position: 1, chunk, fingerprint: "print" };
  expect(diffPage([stored], [now]).changed).toEqual([{ ...now, ...same, rowChanged: true }]);
});

test.each([
  ["How to use.", true],
  ["How to use it", false],
  ["How to use them.", false],
  ["How it is: use it.", false],
  ["Usage is easy.", true],
  ["Usage is easy.\n\nHow to use it now.", false],
])("whether “%s” has lost a paragraph, or words without new ones, is %s", (text, isCut) => {
  const now = { position: 0, chunk: { ...chunk, text }, fingerprint: "edited" };
  expect(diffPage([stored], [now]).changed).toMatchObject([{ isCut }]);
});

test("a chunk as it was is no change", () => {
  const now = {
    position: 0,
    chunk: { ...chunk, headings: [...chunk.headings] },
    fingerprint: "print",
  };
  expect(diffPage([stored], [now])).toEqual({ changed: [], unchanged: 1, vanished: [] });
});

test("ids that the page no longer has are vanished", () => {
  const before = ["a", "b", "c"].map((id) => ({ ...stored, id }));
  const now = { position: 0, chunk: { ...chunk, id: "b" }, fingerprint: "print" };
  expect(diffPage(before, [now])).toEqual({ changed: [], unchanged: 1, vanished: ["a", "c"] });
  expect(diffPage(before, [])).toEqual({
    changed: [],
    unchanged: 0,
    vanished: ["a", "b", "c"],
  });
});

test("changes come in the order of the page", () => {
  const now = ["c", "a", "b"].map((id) => ({
    position: 0,
    chunk: { ...chunk, id },
    fingerprint: "print",
  }));
  const { changed, unchanged } = diffPage([{ ...stored, id: "a" }], now);
  expect(changed.map((change) => change.chunk.id)).toEqual(["c", "b"]);
  expect(unchanged).toBe(1);
});

import { expect, test } from "vitest";
import { fingerprintOf, pageKey } from "../../src/planning/fingerprint.ts";
import type { PageKeyContext } from "../../src/planning/fingerprint.ts";
import type { EmbeddingSpace, Page } from "../../src/words/types.ts";

const space: EmbeddingSpace = {
  provider: "mock",
  model: "model",
  dimensions: 768,
  taskForm: "plain",
};

test("the same space and input always have the same fingerprint", () => {
  const golden = "b4db929d66f60ae5d3900f975187d686c283490d5ea7dc261c79465c224d86df";
  expect(fingerprintOf(space, "Größe 漢字")).toBe(golden);
  expect(fingerprintOf({ ...space }, "Größe 漢字")).toBe(golden);
});

const spaces: Record<string, EmbeddingSpace> = {
  provider: { ...space, provider: "gemini" },
  model: { ...space, model: "model-2" },
  dimensions: { ...space, dimensions: 1536 },
  "task form": { ...space, taskForm: "prefix" },
  "the border between two parts": { ...space, provider: "mockm", model: "odel" },
  "parts that change places": { ...space, provider: "model", model: "mock" },
};

test.for(Object.entries(spaces))("%s changes the fingerprint", ([, other]) => {
  expect(fingerprintOf(other, "text")).not.toBe(fingerprintOf(space, "text"));
});

test.for(["text ", "Text", "te\u0301xt", "", "text\n", '"],["text'])(
  "the input %j has a fingerprint of its own",
  (input) => {
    expect(fingerprintOf(space, input)).toMatch(/^[0-9a-f]{64}$/u);
    expect(fingerprintOf(space, input)).not.toBe(fingerprintOf(space, "text"));
  },
);

const page: Page = {
  id: "guide/install.md",
  url: "/guide/install/",
  title: "Install",
  body: "# Install\n",
  bodyLine: 4,
  format: "md",
  frontmatter: { title: "Install" },
  locale: null,
  version: null,
  slugger: "github",
  host: null,
  contentHash: "hash",
};

const context: PageKeyContext = {
  space,
  maxTokens: 512,
  overlapTokens: 0,
  chunkerVersion: 1,
  parsers: "one 1.0.0",
};

const changedPages: Record<string, Page> = {
  content: { ...page, contentHash: "other" },
  url: { ...page, url: "/install/" },
  title: { ...page, title: "Installing" },
  "missing title": { ...page, title: null },
  "empty title": { ...page, title: "" },
  locale: { ...page, locale: "de" },
  version: { ...page, version: "2" },
  slugger: { ...page, slugger: "vitepress" },
  format: { ...page, format: "mdx" },
  host: { ...page, host: "astro" },
  "locale and version that change places": { ...page, locale: "2", version: "de" },
};

const changedContexts: Record<string, PageKeyContext> = {
  "chunk limit": { ...context, maxTokens: 256 },
  overlap: { ...context, overlapTokens: 32 },
  "chunker version": { ...context, chunkerVersion: 2 },
  "parsers' versions": { ...context, parsers: "one 1.0.1" },
  "border between limit and overlap": { ...context, maxTokens: 51, overlapTokens: 20 },
  ...Object.fromEntries(
    Object.entries(spaces).map(([what, other]) => [what, { ...context, space: other }]),
  ),
};

const keys = [
  ["nothing", pageKey(page, context)],
  ...Object.entries(changedPages).map(([what, other]) => [what, pageKey(other, context)]),
  ...Object.entries(changedContexts).map(([what, other]) => [what, pageKey(page, other)]),
] as const;

test.for(keys)("a change of %s gives a page key of its own", ([what, key]) => {
  expect(keys.filter(([, other]) => other === key).map(([name]) => name)).toEqual([what]);
});

test("the page key is the same for the same page", () => {
  expect(pageKey({ ...page }, { ...context, space: { ...space } })).toBe(pageKey(page, context));
});

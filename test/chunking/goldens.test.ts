import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { chunkEmbeddingText } from "../../src/chunking/embedding-input.ts";
import { defectsOf } from "./laws/defects.ts";
import { pageOf } from "./page.ts";

const fixtures = fileURLToPath(new URL("../../fixtures/chunks/", import.meta.url));
const goldens = fileURLToPath(new URL("../../golden/chunks/", import.meta.url));
const files = readdirSync(fixtures).filter((file) => /\.mdx?$/.test(file));

/** Pages that look like real documentation get a limit close to the default. */
const limitOf = (file: string): number => (file.startsWith("page-") ? 256 : 96);

describe("chunks of fixtures", () => {
  it("cover at least 25 constructs and 10 realistic pages", () => {
    const pages = files.filter((file) => file.startsWith("page-"));
    expect(pages.length).toBeGreaterThanOrEqual(10);
    expect(files.length - pages.length).toBeGreaterThanOrEqual(25);
  });

  it.each(files)("match the golden of %s", async (file) => {
    const body = readFileSync(fixtures + file, "utf8");
    const warnings: string[] = [];
    const format = file.endsWith(".mdx") ? "mdx" : "md";
    const slugger = /vitepress|japanese/.test(file) ? "vitepress" : "github";
    const page = pageOf(body, { id: file, format, slugger });
    const maxTokens = limitOf(file);
    const chunks = chunkPage(page, { maxTokens, overlapTokens: 0 }, (text) => warnings.push(text));
    const shown = chunks.map((chunk) => {
      const { id, url, title, headings, tokens, startLine, endLine, text } = chunk;
      const lines = `${startLine}-${endLine}`;
      const input = chunkEmbeddingText(chunk).split("\n");
      return { id, url, title, headings, tokens, lines, text: text.split("\n"), input };
    });
    expect(defectsOf(page, chunks, maxTokens)).toEqual([]);
    await expect(`${JSON.stringify({ warnings, chunks: shown }, null, 2)}\n`).toMatchFileSnapshot(
      `${goldens}${file.replace(".", "-")}.json`,
    );
  });
});

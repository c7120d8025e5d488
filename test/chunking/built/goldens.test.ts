import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { chunkPage } from "../../../src/chunking/chunk-page.ts";
import { chunkEmbeddingText } from "../../../src/chunking/embedding-input.ts";
import { pageOf } from "../page.ts";
import { defectsOf } from "./laws.ts";

const fixtures = fileURLToPath(new URL("../../../fixtures/built/", import.meta.url));
const goldens = fileURLToPath(new URL("../../../golden/built/", import.meta.url));
const files = readdirSync(fixtures);

describe("chunks of built pages", () => {
  it.each(files)("match the golden of %s", async (file) => {
    const body = readFileSync(fixtures + file, "utf8");
    const warnings: string[] = [];
    const page = pageOf(body, { id: file, format: "html", slugger: "none" });
    const options = { maxTokens: 256, overlapTokens: 0 };
    const chunks = chunkPage(page, options, (text) => warnings.push(text));
    const shown = chunks.map(({ id, url, title, headings, tokens, sections, text, ...chunk }) => {
      const anchors = sections.map(({ heading, anchor }) => `${heading} #${anchor}`);
      const input = chunkEmbeddingText({ ...chunk, title, headings, text }).split("\n");
      return { id, url, title, headings, tokens, anchors, text: text.split("\n"), input };
    });
    await expect(`${JSON.stringify({ warnings, chunks: shown }, null, 2)}\n`).toMatchFileSnapshot(
      `${goldens}${file.replace(".html", "")}.json`,
    );
  });

  it.each(files.flatMap((file) => [64, 512].map((maxTokens) => ({ file, maxTokens }))))(
    "of $file keep the laws at $maxTokens tokens",
    ({ file, maxTokens }) => {
      expect(defectsOf(readFileSync(fixtures + file, "utf8"), maxTokens)).toEqual([]);
    },
  );
});

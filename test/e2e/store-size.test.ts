import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { docsSite } from "../support/docs-site.ts";

const filler = (word: string): string => `${word} is explained here at length. `.repeat(40);

test("a store stays under twice its first size over twenty rebuilds with one edited page each", async () => {
  const pages = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `page-${at}.md`,
      `# Page ${at}\n\n${filler(`Topic ${at}`)}`,
    ]),
  );
  const site = await docsSite(pages);
  await indexSite({ config: site.config });
  const first = await sizeOf(join(site.folder, "db"));
  for (let run = 0; run < 20; run += 1) {
    await site.write("page-7.md", `# Page 7\n\nEdited ${run}. ${filler("Change")}`);
    await indexSite({ config: site.config });
  }
  expect(await sizeOf(join(site.folder, "db"))).toBeLessThan(2 * first);
});

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

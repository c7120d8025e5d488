import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import { search } from "../../src/searching/search.ts";
import { IndexReader } from "../../src/store/index-reader.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("a search by vectors looks no deeper than where the lowest similarity is reached", async () => {
  const root = await temporaryFolder();
  const config = configSchema.parse({
    embedding: { provider: "mock" },
    content: { root },
    store: { uri: join(root, "db") },
  });
  const pages = Array.from({ length: 60 }, (_, at) => `page-${at}`);
  await Promise.all(
    pages.map((page) =>
      writeFile(join(root, `${page}.md`), `# ${page}\n\nCats sleep on ${page}.\n`),
    ),
  );
  await indexSite({ config });
  const nearest = vi.spyOn(IndexReader.prototype, "nearest");
  onTestFinished(() => nearest.mockRestore());
  const asked = { config, query: "sofa", mode: "vector" } as const;
  expect((await search({ ...asked, minScore: 1 })).hits).toEqual([]);
  expect(nearest).toHaveBeenCalledOnce();
});

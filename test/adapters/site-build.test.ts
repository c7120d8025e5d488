import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startBuild } from "../../src/adapters/site-build.ts";
import { NO_RESULTS, type SiteResults } from "../../src/adapters/site-results.ts";
import type { EmbeddingClient } from "../../src/embedding/client.ts";
import type { SiteragConfig } from "../../src/providers/load-config.ts";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import type { Logger } from "../../src/words/types.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { FILES, recordingLogger, siteIn } from "./fake-host.ts";

interface Given {
  readonly cwd: string;
  readonly logger: Logger;
  readonly overrides?: SiteragConfig;
  readonly client?: EmbeddingClient;
}

async function buildSiteResults({
  cwd,
  logger,
  overrides = {},
  client,
}: Given): Promise<SiteResults> {
  const site = siteIn(cwd, { options: overrides, logger });
  return (await startBuild(site, client)).results;
}

const NOTHING: SiteResults = { ...NO_RESULTS, related: 5, search: "auto" };

describe("what a host's build gets", () => {
  it("holds related pages of every page and the answers, in three log lines", async () => {
    const logger = recordingLogger();
    const { pages, answers } = await buildSiteResults({ cwd: await folderWith(FILES), logger });
    expect(
      pages.map(({ page, url, related }) => [page, url, related.map((near) => near.url)]),
    ).toEqual([
      ["garden/index.md", "/garden/", ["/tomato/"]],
      ["tomato.md", "/tomato/", ["/garden/"]],
    ]);
    expect(answers.map(({ hits }) => hits[0]?.page)).toEqual(["tomato.md"]);
    expect(logger.warnings).toEqual([]);
    expect(logger.infos).toEqual([
      expect.stringMatching(/^2 texts/u),
      expect.stringMatching(/^indexed 2 pages/u),
      "answers to 1 query: 1 embedded together",
    ]);
  });

  it("compares pages once, and keeps no name of them", async () => {
    const cwd = await folderWith(FILES);
    const build = () => buildSiteResults({ cwd, logger: recordingLogger() });
    const first = await build();
    const path = join(cwd, ".siterag/related-chunks.json");
    const kept = await readFile(path, "utf8");
    expect(first.pages).toHaveLength(2);
    expect(kept).not.toMatch(/garden|tomato/iu);
    expect((await build()).pages).toEqual(first.pages);
    // Nobody would say so who compares the pages.
    await writeFile(path, kept.replace('"pages":[[[1,', '"pages":[[[0,'));
    expect((await build()).pages[0]?.related[0]?.page).toBe("garden/index.md");
    await writeFile(join(cwd, "docs/tomato.md"), "# Tomato\n\nTomatoes want sun, and no wind.\n");
    const changed = await build();
    expect(changed.pages.map(({ page, related }) => [page, related.length])).toEqual([
      ["garden/index.md", 1],
      ["tomato.md", 1],
    ]);
  });

  it("makes no call in a second build, and says so", async () => {
    const cwd = await folderWith(FILES);
    const first = await buildSiteResults({ cwd, logger: recordingLogger() });
    const client = new MockGeminiClient();
    const logger = recordingLogger();
    expect(await buildSiteResults({ cwd, logger, client })).toEqual(first);
    expect(client.calls).toEqual([]);
    expect(logger.infos.slice(1)).toEqual([
      expect.stringMatching(/: no call$/),
      expect.stringMatching(/: no call$/),
    ]);
  });

  it("indexes words, with a warning, when there is no key", async () => {
    const overrides = { embedding: { provider: "gemini" } } as const;
    const logger = recordingLogger();
    const cwd = await folderWith(FILES);
    const { pages, answers } = await buildSiteResults({ cwd, overrides, logger });
    expect(pages.map(({ page, related }) => [page, related])).toEqual([
      ["garden/index.md", []],
      ["tomato.md", []],
    ]);
    expect(answers).toMatchObject([{ mode: "text", hits: [{ page: "tomato.md" }, {}, {}] }]);
    expect(logger.warnings).toEqual([
      expect.stringMatching(/^2 texts wait for a vector .*GEMINI_API_KEY/u),
    ]);
    expect(logger.infos[1]).toMatch(/^indexed 2 pages, 2 chunks .* 2 pending\) .*: no call$/u);
  });

  it("indexes words without a warning when the configuration asks for no vectors", async () => {
    const overrides = { embedding: { provider: "none" } } as const;
    const logger = recordingLogger();
    const cwd = await folderWith(FILES);
    const { answers } = await buildSiteResults({ cwd, overrides, logger });
    expect(answers).toMatchObject([
      { mode: "text", degraded: null, hits: [{ page: "tomato.md" }, {}, {}] },
    ]);
    expect(logger.warnings).toEqual([]);
  });

  it("is empty, with a warning, when indexing fails", async () => {
    const cwd = await folderWith({ ...FILES, ".siterag/db": "a file where the store should be" });
    const logger = recordingLogger();
    expect(await buildSiteResults({ cwd, logger })).toEqual(NOTHING);
    expect(logger.warnings).toEqual([
      expect.stringMatching(
        /^Indexing failed, so this build has no related pages and no answers: Could not make the folder of .*\.siterag\/db/u,
      ),
    ]);
  });

  it.each([
    ["an unknown key", { "siterag.config.json": '{ "serch": {} }' }, "CONFIG_INVALID"],
    ["a broken file", { "siterag.config.json": "{" }, "CONFIG_UNREADABLE"],
    [
      "a missing folder",
      { "siterag.config.json": '{ "content": { "root": "no" } }' },
      "CONTENT_ROOT_MISSING",
    ],
  ])("stops at %s", async (_what, files, code) => {
    const cwd = await folderWith({ ...FILES, ...files });
    const logger = recordingLogger();
    await expect(buildSiteResults({ cwd, logger })).rejects.toMatchObject({ code });
    expect(logger.warnings).toEqual([]);
  });

  it("lets options of the plugin win over the file", async () => {
    const overrides = { search: { queries: ["beans"] } };
    const logger = recordingLogger();
    const { answers } = await buildSiteResults({
      cwd: await folderWith(FILES),
      logger,
      overrides,
    });
    expect(answers.map(({ query }) => query)).toEqual(["beans"]);
  });

  it("leaves no page of the site behind that is gone", async () => {
    const cwd = await folderWith(FILES);
    await buildSiteResults({ cwd, logger: recordingLogger() });
    await rm(join(cwd, "docs/tomato.md"));
    const { pages } = await buildSiteResults({ cwd, logger: recordingLogger() });
    expect(pages.map(({ page }) => page)).toEqual(["garden/index.md"]);
  });
});

import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { startBuild } from "../../src/adapters/site-build.ts";
import { NO_RESULTS, type SiteResults } from "../../src/adapters/site-results.ts";
import type { EmbeddingClient } from "../../src/embedding/client.ts";
import type { SiteragConfig } from "../../src/providers/load-config.ts";
import type { Logger } from "../../src/words/types.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { loadConfig } from "../../src/providers/load-config.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const FILES = {
  "package.json": "{}",
  "siterag.config.json":
    '{ "embedding": { "provider": "mock" }, "search": { "queries": ["water tomatoes"] } }',
  "docs/tomato.md": "# Tomatoes\n\nWater the tomatoes in the morning.\n",
  "docs/garden/index.md": "# Garden\n\nTomatoes and beans grow in the garden.\n",
  "docs/secret.md": "---\ndraft: true\n---\n\n# Secret\n\nTomatoes.\n",
};

async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
  return cwd;
}

function recordingLogger() {
  const infos: string[] = [];
  const warnings: string[] = [];
  return {
    infos,
    warnings,
    info: (line: string) => void infos.push(line),
    warn: (line: string) => void warnings.push(line),
  };
}

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
  const site = { host: "fake", root: cwd, options: overrides, found: {}, logger, environment: {} };
  return (await startBuild(site, client)).results;
}

const NOTHING: SiteResults = { ...NO_RESULTS, related: 5, search: "auto" };

describe("what a host's build gets", () => {
  it("holds related pages of every page and the answers, in three log lines", async () => {
    const logger = recordingLogger();
    const { pages, answers } = await buildSiteResults({ cwd: await projectWith(FILES), logger });
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
      "related pages for 2 pages, answers to 1 query: 1 embedded together",
    ]);
  });

  it("makes no call in a second build, and says so", async () => {
    const cwd = await projectWith(FILES);
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
    const cwd = await projectWith(FILES);
    const { pages, answers } = await buildSiteResults({ cwd, overrides, logger });
    expect(pages.map(({ page, related }) => [page, related])).toEqual([
      ["garden/index.md", []],
      ["tomato.md", []],
    ]);
    expect(answers).toMatchObject([{ mode: "text", hits: [{ page: "tomato.md" }, {}] }]);
    expect(logger.warnings).toEqual([
      expect.stringMatching(/^2 texts wait for a vector .*GEMINI_API_KEY/u),
      expect.stringMatching(/^Answers come from full-text search only: .*GEMINI_API_KEY/u),
    ]);
    expect(logger.infos[1]).toMatch(/^indexed 2 pages, 2 chunks .* 2 pending\) .*: no call$/u);
  });

  it("indexes words without a warning when the configuration asks for no vectors", async () => {
    const overrides = { embedding: { provider: "none" } } as const;
    const logger = recordingLogger();
    const cwd = await projectWith(FILES);
    const { answers } = await buildSiteResults({ cwd, overrides, logger });
    expect(answers).toMatchObject([
      { mode: "text", degraded: null, hits: [{ page: "tomato.md" }, {}] },
    ]);
    expect(logger.warnings).toEqual([]);
  });

  it("is empty, with a warning, when indexing fails", async () => {
    const cwd = await projectWith({ ...FILES, ".siterag/db": "a file where the store should be" });
    const logger = recordingLogger();
    expect(await buildSiteResults({ cwd, logger })).toEqual(NOTHING);
    expect(logger.warnings).toEqual([
      expect.stringMatching(
        /^This build has no related pages .*: Could not make the folder of .*\.siterag\/db/u,
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
    const cwd = await projectWith({ ...FILES, ...files });
    const logger = recordingLogger();
    await expect(buildSiteResults({ cwd, logger })).rejects.toMatchObject({ code });
    expect(logger.warnings).toEqual([]);
  });

  it("lets options of the plugin win over the file", async () => {
    const overrides = { search: { queries: ["beans"] } };
    const logger = recordingLogger();
    const { answers } = await buildSiteResults({
      cwd: await projectWith(FILES),
      logger,
      overrides,
    });
    expect(answers.map(({ query }) => query)).toEqual(["beans"]);
  });

  it("leaves no page of the site behind that is gone", async () => {
    const cwd = await projectWith(FILES);
    await buildSiteResults({ cwd, logger: recordingLogger() });
    await rm(join(cwd, "docs/tomato.md"));
    const { pages } = await buildSiteResults({ cwd, logger: recordingLogger() });
    expect(pages.map(({ page }) => page)).toEqual(["garden/index.md"]);
  });

  it("uses the last index of a site that is read from its HTML, which this build has yet to make", async () => {
    const html = "<h1>Tomatoes</h1><p>Water the tomatoes in the morning.</p>";
    const cwd = await projectWith({ ...FILES, "dist/tomato/index.html": html });
    const overrides = { content: { from: "html", site: "dist" } } as const;
    const empty = recordingLogger();
    expect(await buildSiteResults({ cwd, overrides, logger: empty })).toEqual(NOTHING);
    expect(empty.warnings).toEqual([expect.stringMatching(/siterag index/)]);
    const { config } = await loadConfig({ cwd, overrides });
    await indexSite({ config });
    const logger = recordingLogger();
    const { answers, pages } = await buildSiteResults({ cwd, overrides, logger });
    expect(pages.map(({ page, url }) => [page, url])).toEqual([["tomato/index.html", "/tomato/"]]);
    expect(answers).toMatchObject([{ hits: [{ page: "tomato/index.html" }] }]);
    expect(logger.infos).toEqual([
      expect.stringMatching(/come from the last index. Run `siterag index` after the build/u),
      expect.stringMatching(/^related pages for 1 page/u),
    ]);
  });
});

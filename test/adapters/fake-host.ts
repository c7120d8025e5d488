import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { HostSite } from "../../src/adapters/host-site.ts";
import { startBuild, type SiteBuild } from "../../src/adapters/site-build.ts";
import type { EmbeddingClient } from "../../src/embedding/client.ts";

/** A site of a few pages, configured by a file. */
export const FILES: Readonly<Record<string, string>> = {
  "package.json": "{}",
  "siterag.config.json":
    '{ "embedding": { "provider": "mock" }, "search": { "queries": ["water tomatoes"] } }',
  "docs/tomato.md": "# Tomatoes\n\n## Water them\n\nWater the tomatoes in the morning.\n",
  "docs/garden/index.md": "# Garden\n\nTomatoes and beans grow in the garden.\n",
  "docs/secret.md": "---\ndraft: true\n---\n\n# Secret\n\nTomatoes.\n",
};

/** What the host makes of these pages, below `dist`. */
export const PAGES: Readonly<Record<string, string>> = {
  "tomato/index.html":
    '<title>Tomatoes</title><main><h1 id="tomatoes">Tomatoes</h1><h2 id="water-them">Water them</h2><p>Water the tomatoes in the morning.</p></main>',
  "garden/index.html":
    '<title>Garden</title><main><h1 id="garden">Garden</h1><p>Tomatoes and beans grow in the garden.</p></main>',
};

export function recordingLogger() {
  const infos: string[] = [];
  const warnings: string[] = [];
  return {
    infos,
    warnings,
    info: (line: string) => void infos.push(line),
    warn: (line: string) => void warnings.push(line),
  };
}

/** A site in `root` as a host hands it over. */
export const siteIn = (root: string, changes: Partial<HostSite> = {}): HostSite => ({
  host: "fake",
  root,
  options: {},
  found: {},
  logger: recordingLogger(),
  environment: {},
  ...changes,
});

interface Build {
  readonly build: SiteBuild;
  readonly infos: readonly string[];
  readonly warnings: readonly string[];
}

/** Builds a site as a host does: `pages` are what it writes into `dist`, from what is known by then. */
export async function build(
  root: string,
  changes: Partial<HostSite> = {},
  pages: (build: SiteBuild) => Readonly<Record<string, string>> = () => PAGES,
  client?: EmbeddingClient,
): Promise<Build> {
  const logger = recordingLogger();
  const { infos, warnings } = logger;
  const begun = await startBuild(siteIn(root, { logger, ...changes }), client);
  const outDir = join(root, "dist");
  await rm(outDir, { recursive: true, force: true });
  for (const [name, html] of Object.entries(pages(begun))) {
    await mkdir(dirname(join(outDir, name)), { recursive: true });
    await writeFile(join(outDir, name), html);
  }
  await begun.finish({ outDir });
  return { build: begun, infos, warnings };
}

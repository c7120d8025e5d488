import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import siterag from "../../../src/adapters/astro/astro.ts";
import type { AstroConfig } from "../../../src/adapters/astro/site.ts";
import type { SiteragConfig } from "../../../src/providers/load-config.ts";

const PAGES = {
  "src/pages/index.md": "# Home\n\nAll about gardening and tomatoes.\n",
  "src/pages/tomato.md": "# Tomatoes\n\n## Watering\n\nWater the tomatoes in the morning.\n",
};
const HTML = {
  "dist/index.html": "<main><h1 id=home>Home</h1><p>All about gardening and tomatoes.</p></main>",
  "dist/tomato/index.html":
    "<main><h1 id=tomatoes>Tomatoes</h1><h2 id=watering>Watering</h2><p>Water the tomatoes in the morning.</p></main>",
};

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
}

/** A site, and the integration as Astro has called it before it builds. */
async function setUp(
  command: "build" | "sync" | "preview",
  options: SiteragConfig,
  files: Readonly<Record<string, string>> = PAGES,
) {
  const folder = await mkdtemp(join(tmpdir(), "siterag-integration-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write(folder, { "package.json": "{}", ...files });
  const root = pathToFileURL(`${folder}/`);
  const config: AstroConfig = {
    root,
    srcDir: new URL("src/", root),
    outDir: new URL("dist/", root),
    base: "/",
    trailingSlash: "ignore",
    build: { format: "directory", client: new URL("dist/client/", root) },
    integrations: [],
  };
  const said: string[] = [];
  const logger = {
    info: (line: string) => void said.push(line),
    warn: (line: string) => void said.push(`warning: ${line}`),
  };
  const { hooks } = siterag({ embedding: { provider: "mock" }, ...options });
  const plugins: object[] = [];
  await hooks["astro:config:setup"]({
    command,
    config,
    logger,
    injectRoute: () => expect.fail("There is no page to inject."),
    updateConfig: ({ vite }) => void plugins.push(...vite.plugins),
  });
  const types: string[] = [];
  return {
    folder,
    said,
    types,
    configDone: (buildOutput: "static" | "server") =>
      hooks["astro:config:done"]({
        config,
        buildOutput,
        injectTypes: ({ content }) => void types.push(content),
      }),
    start: () => hooks["astro:build:start"]({ logger }),
    done: (dir = config.outDir) => hooks["astro:build:done"]({ dir }),
    module: async () => {
      const source = plugins
        .filter((plugin) => "load" in plugin && typeof plugin.load === "function")
        .map((plugin) =>
          "load" in plugin && typeof plugin.load === "function"
            ? plugin.load("\0virtual:siterag")
            : "",
        )
        .join("");
      return import(`data:text/javascript,${encodeURIComponent(source)}`);
    },
  };
}

describe("a build by Astro", () => {
  it("gives pages their results while they are rendered, and readers their search afterwards", async () => {
    const site = await setUp("build", {});
    site.configDone("static");
    await site.start();
    const { related, settings } = await site.module();
    expect(related("/tomato/")).toMatchObject([{ url: "/", title: "Home" }]);
    expect(settings).toEqual({ related: 5, search: "auto" });
    await write(site.folder, HTML);
    await site.done();
    const files = join(site.folder, "dist/siterag");
    expect(JSON.parse(await readFile(join(files, "index.json"), "utf8"))).toMatchObject({
      pages: 2,
    });
    expect(await readFile(join(files, "search.js"), "utf8")).toContain("siterag-search");
    expect(site.said.filter((line) => line.startsWith("warning"))).toEqual([]);
    expect(site.types.join("")).toContain('declare module "virtual:siterag"');
  });

  it("tells the command line where the pages of a static site are, if its adapter moves them", async () => {
    const site = await setUp("build", {});
    site.configDone("static");
    await site.start();
    await site.done(new URL("dist/client/", pathToFileURL(`${site.folder}/`)));
    const options = await readFile(join(site.folder, ".siterag/options.json"), "utf8");
    expect(JSON.parse(options)).toMatchObject({ found: { content: { site: "dist/client" } } });
    expect(await readdir(join(site.folder, "dist/client/siterag"))).toContain("index.json");
  });

  it("says that pages on demand have no HTML to be read from", async () => {
    const site = await setUp("build", { content: { from: "html" } });
    site.configDone("server");
    await site.start();
    expect(site.said).toContainEqual(
      expect.stringMatching(
        /^warning: Pages that are rendered on demand .*content\.from to "source"/u,
      ),
    );
  });

  it("goes on where the build for a server writes nothing", async () => {
    const site = await setUp("build", {}, { "src/content/blog/one.md": "# One\n\nHidden.\n" });
    site.configDone("server");
    await site.start();
    await site.done();
    const file = join(site.folder, "dist/siterag/index.json");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pages: 0 });
  });

  it("takes no page for missing that a server renders", async () => {
    const site = await setUp("build", {});
    site.configDone("server");
    await site.start();
    await write(site.folder, { "dist/robots.txt": "" });
    await site.done();
    const file = join(site.folder, "dist/siterag/index.json");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pages: 2 });
    await write(site.folder, { "dist/index.html": HTML["dist/index.html"] });
    await site.done();
    expect(site.said.filter((line) => line.startsWith("warning"))).toEqual([]);
  });

  it.each(["sync", "preview"] as const)("begins nothing on %s", async (command) => {
    const site = await setUp(command, {});
    site.configDone("static");
    const { related, answers } = await site.module();
    expect([related("/"), answers]).toEqual([[], []]);
    await expect(readFile(join(site.folder, ".siterag/options.json"))).rejects.toThrow("ENOENT");
  });

  it("stops at a wrong configuration", async () => {
    const site = await setUp("build", { search: { limit: 0 } });
    site.configDone("static");
    await expect(site.start()).rejects.toThrow("search.limit");
  });
});

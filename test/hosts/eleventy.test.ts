import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { loadConfig, searchAll } from "../../src/index.ts";
import { readManifest } from "../../src/reader/manifest.ts";
import { ADAPTER_SITES, BASE } from "./adapter-sites.ts";
import { makeAdapterWorkshop, type AdapterWorkshop } from "./adapter-workshop.ts";
import { contentsBelow, fileOf, linksIn } from "./host-pages.ts";
import { filesOf, run, type Output } from "./host-run.ts";
import { serveDev } from "./host-server.ts";

const OUTPUT = z.array(
  z.object({ url: z.union([z.string(), z.literal(false)]), content: z.string().nullish() }),
);

const BOTH = `
import { Eleventy } from "@11ty/eleventy";
await Promise.all(["one", "other"].map((output) => new Eleventy("docs", output).write()));
`;

let workshop: AdapterWorkshop;
let folder: string;
let first: Output;
beforeAll(async () => {
  workshop = await makeAdapterWorkshop();
});
afterAll(() => workshop.remove());

/** Builds a new site for the first time. */
async function begin(name: string): Promise<void> {
  const site = ADAPTER_SITES.find(({ fixture }) => fixture === name);
  if (site === undefined) throw new Error(`${name} is no host of an adapter.`);
  folder = await workshop.makeSite(site);
  first = await run("eleventy", folder);
}

/** The addresses that the index has for questions, below the base. */
async function found(...queries: readonly string[]): Promise<readonly string[]> {
  const { config } = await loadConfig({ cwd: folder });
  const answers = await searchAll({ config, queries, mode: "text" });
  return answers.flatMap(({ hits }) => hits.map(({ url }) => url.slice(BASE.length)));
}

const inSite = (...names: readonly string[]): string => join(folder, ...names);

/** Changes a file until the end of the test; `change` gets its text. */
async function edited(name: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(inSite(name), "utf8");
  onTestFinished(() => writeFile(inSite(name), text));
  await writeFile(inSite(name), change(text));
}

/** Adds a file until the end of the test. */
async function added(name: string, text: string): Promise<void> {
  await writeFile(inSite(name), text);
  onTestFinished(() => rm(inSite(name)));
}

/** The files below folders of the site, with their sizes and times. */
const filesIn = (...names: readonly string[]) =>
  Promise.all(names.map((name) => filesOf(inSite(name))));

async function filesWith(word: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { content, path } of contentsBelow([
    inSite(".siterag"),
    inSite("public/siterag"),
  ])) {
    if (content.includes(word)) paths.push(path);
  }
  return paths;
}

/** The lists of related pages in all pages of the built site. */
async function relatedLists(): Promise<string> {
  const lists: string[] = [];
  for await (const { content } of contentsBelow([inSite("public")])) {
    lists.push(...(content.match(/<nav class="siterag-related".*?<\/nav>/gsu) ?? []));
  }
  return lists.join("\n");
}

describe("a site made with Eleventy 3", () => {
  beforeAll(() => begin("eleventy"));

  it("is found where templates of each language, pages of a pagination and copied HTML say it", async () => {
    const questions = [
      ["the mirror can be replaced", "guide/parts/#the-parts-of-a-lamp"],
      ["wall switch house wiring", "guide/switches/#the-switch"],
      ["soaks the oil", "packages/wick/#what-the-wick-does"],
      ["keeps the wind out", "packages/glass/#what-the-glass-does"],
      ["olive", "licences/oil.html"],
    ] as const;
    const addresses = await found(...questions.map(([question]) => question));
    expect(addresses).toEqual(expect.arrayContaining(questions.map(([, address]) => address)));
  });

  it("has no file for a template without an address", async () => {
    expect(first.stdout + first.stderr).not.toContain("quokka");
    expect(await filesWith("quokkanowhere")).toEqual([]);
  });

  it("gives its templates the pages near a page, at addresses with the prefix once", async () => {
    await run("eleventy", folder);
    const html = (await fileOf(inSite("public"), "guide/parts/")) ?? "";
    const own = linksIn(/<nav aria-label="Two pages">.*?<\/nav>/su.exec(html)?.[0] ?? "");
    const ours = linksIn(/<nav class="siterag-related".*?<\/nav>/su.exec(html)?.[0] ?? "");
    expect(own).toHaveLength(2);
    expect(ours.slice(0, 2)).toEqual(own);
    for (const link of ours) {
      expect(await fileOf(inSite("public"), link.slice(BASE.length)), link).not.toBeNull();
    }
    expect(html).toMatch(/<h2[^>]*>Near this page<\/h2>/u);
  });

  it("forgets pages that a whole build no longer makes, though their files stay", async () => {
    await edited("content/guide/switches.html", (text) =>
      text.replace("A wall switch", "quokkagone"),
    );
    await run("eleventy", folder);
    expect(await found("quokkagone")).not.toEqual([]);
    expect(await relatedLists()).toContain("guide/switches/");
    await edited("content/guide/switches.html", (text) =>
      text.replace("---\n", "---\ndraft: true\npermalink: false\n"),
    );
    const { stdout } = await run("eleventy", folder);
    expect(await fileOf(inSite("public"), "guide/switches/")).toContain("quokkagone");
    expect(stdout).toMatch(/1 file of HTML .* earlier builds/u);
    expect(await relatedLists()).not.toContain("guide/switches/");
    expect(stdout).not.toContain("switches");
    expect(await filesWith("quokkagone")).toEqual([]);
    await run("siterag index", folder);
    expect(await found("quokkagone")).toEqual([]);
    expect(await filesWith("switches")).toEqual([]);
  });

  it("is left alone by a dry run, and by one that only prints the pages", async () => {
    await run("eleventy", folder);
    const before = await filesIn(".siterag", "public");
    await edited("content/guide/usage.md", (text) => `${text}\nNumbats eat termites.\n`);
    await run("eleventy --dryrun", folder);
    const { stdout } = await run("eleventy --to=json", folder);
    const pages: unknown = JSON.parse(stdout);
    const parts = OUTPUT.parse(pages).find(({ url }) => url === "/guide/parts/");
    expect(parts?.content).toContain("siterag-related");
    expect(await filesIn(".siterag", "public")).toEqual(before);
  });

  it("is left alone by a build that fails when it has written other pages", async () => {
    await run("eleventy", folder);
    const before = await filesIn(".siterag", "public/siterag");
    await edited("content/guide/usage.md", (text) => `${text}\nNumbats eat termites.\n`);
    await added("layouts/broken.njk", "{{ content | nothing }}");
    await added("content/broken.md", "---\nlayout: broken.njk\n---\nWords\n");
    await expect(run("eleventy", folder)).rejects.toThrow("filter not found: nothing");
    expect(await fileOf(inSite("public"), "guide/usage/")).toContain("Numbats");
    expect(await filesIn(".siterag", "public/siterag")).toEqual(before);
  });

  it("is written where the command line says, below another prefix", async () => {
    await run("eleventy --output=elsewhere --pathprefix=/other/", folder);
    await access(inSite("elsewhere/siterag/index.json"));
    const html = (await fileOf(inSite("elsewhere"), "guide/usage/")) ?? "";
    expect(html).toContain('src="/other/siterag/search.js"');
    const { config } = await loadConfig({ cwd: folder });
    const [answer] = await searchAll({ config, queries: ["brightness"], mode: "text" });
    expect(answer?.hits.map(({ url }) => url.replace(/#.*/u, ""))).toContain(
      "/other/reference/settings/",
    );
  });

  it("is searched while it is served, also after its configuration and a page have changed", async () => {
    await run("eleventy", folder);
    const stored = await filesOf(inSite(".siterag"));
    const dev = await serveDev("eleventy --serve --port", folder, "guide/install/");
    onTestFinished(dev.close);
    const words = async (): Promise<string> => {
      const answer = await fetch(`${dev.url}siterag/index.json`);
      return answer.text();
    };
    const before = await words();
    await edited("eleventy.config.js", (text) => `${text}\n// Nothing new.\n`);
    await expect
      .poll(() => dev.log(), { timeout: 60_000 })
      .toMatch(/Wrote \d+ files.*Wrote \d+ files/su);
    await edited(
      "content/guide/install.md",
      (text) => `${text}\n## Pangolins\n\nPangolins like ants.\n`,
    );
    await expect.poll(words, { timeout: 60_000 }).not.toBe(before);
    await edited("content/guide/install.md", (text) => text.replace("---\n", "---\nrag: false\n"));
    const without = await words();
    await expect.poll(words, { timeout: 60_000 }).not.toBe(without);
    expect(await filesOf(inSite(".siterag"))).toEqual(stored);
  });
});

// Eleventy 3.1.8 ends with an error of its own where a single file is to be built.
describe("a site made with Eleventy 4", () => {
  beforeAll(() => begin("eleventy-next"));

  it("keeps what an incremental build does not build", async () => {
    await edited(
      "docs/guide/usage.md",
      (text) => `${text}\n## Fireflies\n\nAardwolves eat termites.\n`,
    );
    await rm(inSite("_site/reference/errors.html"));
    const { stdout } = await run("eleventy --incremental=docs/guide/usage.md", folder);
    expect(stdout).toMatch(/Wrote 1 file\b/u);
    expect(stdout).toMatch(/indexed 13 pages/u);
    expect(await found("aardwolves")).toContain("guide/usage.html#fireflies");
    expect(await found("lamp does not answer")).toContain(
      "reference/errors.html#e101-the-lamp-does-not-answer",
    );
  });

  it("is built into two folders at once by a script", async () => {
    await added("both.mjs", BOTH);
    await run("node both.mjs", folder);
    for (const output of ["one", "other"]) {
      const manifest = readManifest(await readFile(inSite(output, "siterag/index.json")));
      expect(manifest.pages).toBe(13);
    }
  });
});

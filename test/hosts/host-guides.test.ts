import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeAdapterWorkshop, type AdapterWorkshop } from "./adapter-workshop.ts";
import { blocksOf } from "./guide-blocks.ts";
import { run } from "./host-run.ts";

const PAGE = `---
title: Install
---

## With a package manager

Ask the package manager of your system for the lantern.
`;
const OTHER = `---
title: Wicks
---

## Trim a wick

A wick that is too long makes soot.
`;

/** A site as its generator's own guide leaves it, and the part of our documentation that begins there. */
interface Guide {
  /** Folder in `fixtures/site-hosts` with the packages of the generator. */
  readonly site: string;
  readonly page: string;
  /** Headings of the sections that are followed. */
  readonly sections: readonly string[];
  readonly starter: Readonly<Record<string, string>>;
  /** Commands after those of the page. */
  readonly afterwards: readonly string[];
  readonly built: string;
}

const STARLIGHT_COLLECTION = `import { docsLoader } from "@astrojs/starlight/loaders";
import { docsSchema } from "@astrojs/starlight/schema";
import { defineCollection } from "astro:content";

export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };
`;

const withLayout = (page: string): string =>
  page.replace("---\n", "---\nlayout: ../layouts/Page.astro\n");

const withTemplate = (page: string): string => page.replace("---\n", "---\nlayout: page.njk\n");

const GUIDES: readonly Guide[] = [
  {
    site: "starlight",
    page: "hosts/starlight.md",
    sections: ["Add the plugin", "Build and search"],
    starter: {
      "src/content.config.ts": STARLIGHT_COLLECTION,
      "src/content/docs/index.md": PAGE,
      "src/content/docs/wicks.md": OTHER,
    },
    afterwards: [],
    built: "dist",
  },
  {
    site: "astro",
    page: "guides/astro.md",
    sections: ["Without Starlight"],
    starter: { "src/pages/index.md": withLayout(PAGE), "src/pages/wicks.md": withLayout(OTHER) },
    afterwards: ["npx astro build", 'npx siterag search "with a package manager"'],
    built: "dist",
  },
  {
    site: "vitepress",
    page: "hosts/vitepress.md",
    sections: ["Add one line", "Build, verify, search"],
    starter: { "docs/index.md": PAGE, "docs/wicks.md": OTHER },
    afterwards: [],
    built: "docs/.vitepress/dist",
  },
  {
    site: "eleventy",
    page: "hosts/eleventy.md",
    sections: ["Add the plugin", "Show the search", "Build and verify"],
    starter: { "index.md": withTemplate(PAGE), "wicks.md": withTemplate(OTHER) },
    afterwards: ['npx siterag search "with a package manager"'],
    built: "_site",
  },
  {
    site: "docusaurus",
    page: "hosts/docusaurus.md",
    sections: ["Add one line", "Build, verify, search"],
    starter: { "docs/index.md": PAGE, "docs/wicks.md": OTHER },
    afterwards: [],
    built: "build",
  },
];

let workshop: AdapterWorkshop;
beforeAll(async () => {
  workshop = await makeAdapterWorkshop();
});
afterAll(() => workshop.remove());

/** Writes files below a folder. */
async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

it.each(GUIDES)("$page is right word by word", async (guide) => {
  const folder = await workshop.makeStarter(guide.site);
  await write(folder, guide.starter);
  const begin = performance.now();
  let output = "";
  const follow = async (lines: string): Promise<void> => {
    for (const line of lines.trim().split("\n")) output += (await run(line, folder)).stdout;
  };
  for (const section of guide.sections) {
    for (const { file, language, text } of await blocksOf(guide.page, section)) {
      if (file !== null) await write(folder, { [file]: text });
      else if (language === "sh") await follow(text);
    }
  }
  for (const command of guide.afterwards) await follow(command);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stdout.write(`${guide.page}: ${seconds} s from the starter to the answer\n`);
  expect(output).toContain("With a package manager");
  const html = await readFile(join(folder, guide.built, "index.html"), "utf8");
  expect(html).toContain("siterag-search");
  expect(html).toContain("search.js");
});

import { mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ADAPTER_SITES, type AdapterSite } from "./adapter-sites.ts";
import type { AdapterWorkshop } from "./adapter-workshop.ts";

/** A host by its folder of fixtures. */
function hostOf(fixture: string): AdapterSite {
  const site = ADAPTER_SITES.find((one) => one.fixture === fixture);
  if (site === undefined) throw new Error(`There is no host ${fixture}.`);
  return site;
}

/** Puts a text in the place of another one in a file, which must have it. */
async function replaceIn(file: string, text: string, by: string): Promise<void> {
  const before = await readFile(file, "utf8");
  if (!before.includes(text)) throw new Error(`${file} has no ${text}`);
  await writeFile(
    file,
    before.replace(text, () => by),
  );
}

/** Replaces what the configuration hands to siterag. */
export const writeOptions = (folder: string, options: object): Promise<void> =>
  writeFile(join(folder, "siterag-options.mjs"), `export default ${JSON.stringify(options)};\n`);

/** An Astro site with a server, which renders some pages when they are asked for. */
export async function makeServerSite(workshop: AdapterWorkshop): Promise<string> {
  const folder = await workshop.makeSite(hostOf("astro"));
  const file = join(folder, "astro.config.mjs");
  await replaceIn(file, "import mdx", 'import node from "@astrojs/node";\nimport mdx');
  await replaceIn(
    file,
    "base:",
    'output: "server",\n  adapter: node({ mode: "standalone" }),\n  base:',
  );
  for (const page of ["[...slug].astro", "search.astro"]) {
    await replaceIn(
      join(folder, "src/pages", page),
      "---\n",
      "---\nexport const prerender = true;\n",
    );
  }
  const live = "---\ntitle: Oil\n---\n\n## Oil on demand\n\nWhale oil is out of stock today.\n";
  await writeFile(join(folder, "src/pages/oil.md"), live);
  return folder;
}

/**
 * A VitePress site without scripts of its own (MPA), with another search in its theme, whose packages lie as pnpm
 * puts them: siterag behind a link, beside its own packages alone.
 */
export async function makeBareSite(workshop: AdapterWorkshop): Promise<string> {
  const folder = await workshop.makeSite(hostOf("vitepress"));
  const file = join(folder, "docs/.vitepress/config.mjs");
  await replaceIn(file, "themeConfig: {", 'themeConfig: {\n    search: { provider: "local" },');
  await writeFile(join(folder, "docs/welcome.md"), HOME);
  await layAsPnpm(folder);
  return folder;
}

/** A VitePress site with the HTML of another program, which VitePress copies. */
export async function makeMixedSite(workshop: AdapterWorkshop): Promise<string> {
  const folder = await workshop.makeSite(hostOf("vitepress"));
  await mkdir(join(folder, "docs/public/api"), { recursive: true });
  await writeFile(join(folder, "docs/public/api/index.html"), API);
  return folder;
}

const API = `<!doctype html>
<html lang="en">
  <title>Quokka</title>
  <main><h1 id="quokka">Quokka</h1><p>A quokka has no lamp.</p></main>
</html>
`;

async function layAsPnpm(folder: string): Promise<void> {
  const packages = join(folder, "node_modules");
  const own = join(packages, ".pnpm/siterag@0.1.0/node_modules");
  await mkdir(own, { recursive: true });
  await rename(join(packages, "siterag"), join(own, "siterag"));
  await symlink(".pnpm/siterag@0.1.0/node_modules/siterag", join(packages, "siterag"));
}

/** A page whose text is in its frontmatter. */
const HOME = `---
layout: home
hero:
  name: Lantern
  text: Lamps from the <em>command</em> line
  tagline: More lamps_than hands
  actions:
    - theme: brand
      text: Get started quickly
      link: /guide/install
features:
  - title: Blazing
    details: Starts in a <code>v-tenth</code> of a second [sic]
    icon: 💡
  - title: Quiet
    details: Nobody hears it
    link: /guide/usage
    linkText: Hear more
---

## Below all

Something else entirely.
`;

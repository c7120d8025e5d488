import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Bench } from "./bench.ts";

/** What a `sets.json` says of a folder; every version of siterag knows these keys. */
const SETS = z.record(
  z.string(),
  z.object({
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    baseUrl: z.string(),
    urlStyle: z.enum(["directory", "clean", "html"]),
    slugger: z.enum(["github", "vitepress", "eleventy", "none"]),
    pathStyle: z.enum(["plain", "starlight", "docusaurus", "eleventy"]),
  }),
);

/** Documentation of a real site. */
interface DocsFolder {
  readonly name: string;
  readonly folder: string;
  readonly content: z.infer<typeof SETS>[string] & { readonly root: string };
  /** Of Markdown. */
  readonly files: number;
}

/** The sets of the folder that the user named; none if there is no such folder. */
export async function setsIn({ docs }: Pick<Bench, "docs">): Promise<readonly DocsFolder[]> {
  if (docs === null) return [];
  const sets = SETS.parse(JSON.parse(await readFile(join(docs, "sets.json"), "utf8")));
  return Promise.all(
    Object.entries(sets).map(async ([name, content]) => {
      const root = resolve(docs, name);
      const all = await readdir(root, { recursive: true });
      const files = all.filter((file) => file.endsWith(".md")).length;
      return { name, folder: root, content: { ...content, root }, files };
    }),
  );
}

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { localeFolders } from "../../src/content/locale-folders.ts";
import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { readPages } from "../support/read-pages.ts";
import { makeSite } from "./site.ts";

const DOCUSAURUS = { pathStyle: "docusaurus", urlStyle: "clean" } as const;

async function read(content: ContentOptions) {
  const log: string[] = [];
  const warn = (message: string): void => void log.push(message);
  const report = {
    warn,
    tell: warn,
    warnOfAll: warn,
    fail: (_: string, message: string) => warn(message),
  };
  const pages = await Array.fromAsync(readPages(content, report));
  const told = pages.map(({ url, locale, version }) => [url, locale, version].join(" "));
  return { told, log };
}

/** A site of `fixtures/sites`; the content root is `below` it. */
async function fixture(name: string, options: Partial<ContentOptions> = {}, below = "") {
  const content = await makeSite({}, options);
  await cp(new URL(`../../fixtures/sites/${name}`, import.meta.url), content.root, {
    recursive: true,
  });
  return { ...content, root: join(content.root, below) };
}

describe("versions and locales of Docusaurus", () => {
  it("come from its folders", async () => {
    const content = await fixture("docusaurus-releases", { ...DOCUSAURUS, baseUrl: "/base/" });
    const { told, log } = await read(content);
    expect(told).toMatchInlineSnapshot(`
      [
        "/base/community/next/team  Next",
        "/base/community/team  a",
        "/base/docs/next/brand-new  Next",
        "/base/docs/next/intro  Next",
        "/base/fr/community/next/team fr Next",
        "/base/fr/docs/next/intro fr Next",
        "/base/fr/docs/1.0/intro fr 1.0",
        "/base/docs/1.0/start  1.0",
        "/base/docs/1.0/intro  1.0",
        "/base/docs/intro  2.0",
      ]
    `);
    expect(log).toEqual([]);
  });

  it("are those of the next version if the root is its folder, with one warning", async () => {
    const content = await fixture(
      "docusaurus-releases",
      { ...DOCUSAURUS, baseUrl: "/docs/" },
      "docs",
    );
    const { told, log } = await read(content);
    expect(told).toEqual(["/docs/next/brand-new  Next", "/docs/next/intro  Next"]);
    expect(log).toMatchInlineSnapshot(`
      [
        "content.root is the next version of the docs; the released ones (2.0, 1.0) are not indexed. To index them, set content.root to the folder of docusaurus.config and content.baseUrl to that of the site. To index the next version alone, set content.versions to { ".": "Next" }.",
      ]
    `);
    expect((await read({ ...content, versions: { ".": "Next" } })).log).toEqual([]);
  });

  it("are none where nothing is released, and a broken list is none", async () => {
    const files = { "docs/a.md": "", "docs/docs/b.md": "", "docusaurus.config.ts": "" };
    const site = await makeSite(files, DOCUSAURUS);
    expect((await read(site)).told).toEqual(["/docs/a  ", "/docs/docs/b  "]);
    const broken = await makeSite({ ...files, "versions.json": "{" }, DOCUSAURUS);
    expect((await read(broken)).told).toEqual(["/docs/a  ", "/docs/docs/b  "]);
    const marked = await makeSite({ ...files, "versions.json": '\uFEFF["2"]' }, DOCUSAURUS);
    expect((await read(marked)).told[0]).toBe("/docs/next/a  Next");
    const docs = { ...broken, root: join(broken.root, "docs") };
    expect((await read(docs)).told).toEqual(["/a  ", "/docs/b  "]);
  });

  it("are what the settings say", async () => {
    const content = await fixture("docusaurus-releases", {
      ...DOCUSAURUS,
      include: ["docs/**", "versioned_docs/**"],
      versions: { docs: "3.0 beta", "versioned_docs/version-1.0": null },
      locales: { ".": "en" },
      paths: { docs: "", "versioned_docs/version-2.0": "2.0" },
    });
    expect((await read(content)).told).toMatchInlineSnapshot(`
      [
        "/brand-new en 3.0 beta",
        "/intro en 3.0 beta",
        "/docs/1.0/start en ",
        "/docs/1.0/intro en ",
        "/2.0/intro en 2.0",
      ]
    `);
  });
});

describe("locales of other hosts", () => {
  it("come from folders that repeat pages of others", async () => {
    const content = await fixture("starlight-languages", { pathStyle: "starlight" });
    expect((await read(content)).told).toMatchInlineSnapshot(`
      [
        "/backup/  ",
        "/de/backup/ de ",
        "/de/k8s/ de ",
        "/fr/backup/ fr ",
        "/fr/k8s/ fr ",
        "/k8s/  ",
      ]
    `);
  });

  it("give way to the frontmatter and to the settings", async () => {
    const files = {
      "a.md": "",
      "fr/a.md": "",
      "fr/b.md": "---\nlang: fr-CA\n---\n",
      "cs/a.md": "",
      "v1/cs/a.md": "",
    };
    const settings = {
      locales: { "./": "en", "cs/": null },
      versions: { v1: "1.0" },
      paths: { v1: "old" },
    };
    expect((await read(await makeSite(files, settings))).told).toEqual([
      "/a/ en ",
      "/cs/a/  ",
      "/fr/a/ fr ",
      "/fr/b/ fr-CA ",
      "/old/cs/a/ en 1.0",
    ]);
  });

  it.each([
    ["named after languages", ["a.md", "fr/a.md", "zh-cn/a.md", "pt_BR/a.mdx"], "fr pt_BR zh-cn"],
    ["without a root locale", ["en/a.md", "en/b.md", "en/c.md", "fr/a.md"], "en fr"],
    ["that repeat at least half", ["a.md", "fr/a.md", "fr/b.md", "de/a.md", "de/b/c.md"], "de fr"],
    ["not of another subject", ["index.md", "ml/index.md", "ml/x.md", "ml/y.md", "ts/z.md"], ""],
    [
      "not without a language's name",
      ["a.md", "go/a.md", "api/a.md", "v1/a.md", "french/a.md"],
      "",
    ],
  ])("are folders %s: %j", (_, ids, expected) => {
    expect([...localeFolders(ids)].sort().join(" ")).toBe(expected);
  });
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hidePages } from "../../../src/adapters/docusaurus/hide-pages.ts";
import { EMPTY_CONFIG } from "./docusaurus-context.ts";
import { folderWith } from "../../support/temporary-folder.ts";

it.each([
  ["/manual/docs/secret", undefined, "docs/secret/index.html"],
  ["/manual/docs/secret/", undefined, "docs/secret/index.html"],
  ["/manual/docs/secret/", true, "docs/secret/index.html"],
  ["/manual/docs/secret", false, "docs/secret.html"],
  ["/manual/docs/secret.html", false, "docs/secret.html"],
  ["/manual/", false, "index.html"],
  ["/manual/docs/ge%20heim/", true, "docs/ge heim/index.html"],
])(
  "marks the page %s of a site with trailingSlash %s in %s",
  async (permalink, trailingSlash, file) => {
    const folder = await folderWith({
      [file]: "<head></head>",
      "other/index.html": "<head></head>",
    });
    const siteConfig = { ...EMPTY_CONFIG, trailingSlash };
    await hidePages({ hidden: [permalink] }, { baseUrl: "/manual/", siteConfig }, folder);
    expect(await readFile(join(folder, file), "utf8")).toContain('name="rag" content="false"');
    expect(await readFile(join(folder, "other/index.html"), "utf8")).toBe("<head></head>");
  },
);

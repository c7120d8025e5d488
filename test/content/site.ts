import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { folderWith } from "../support/temporary-folder.ts";

/** Writes files into a folder that is removed when the test ends; returns its content options. */
export async function makeSite(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Partial<ContentOptions> = {},
): Promise<ContentOptions> {
  return {
    root: await folderWith(files),
    include: ["**/*.{md,mdx,markdown}"],
    exclude: [],
    baseUrl: "/",
    urlStyle: "directory",
    pathStyle: "plain",
    slugger: "github",
    format: "host",
    locales: {},
    versions: {},
    paths: {},
    routes: {},
    ...options,
  };
}

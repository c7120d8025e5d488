import type { VitePressConfig } from "../../../src/adapters/vitepress/config.ts";
import { folderWith } from "../../support/temporary-folder.ts";

/** A site with these files in `docs`, as VitePress resolves it where a user sets nothing, and what it logs. */
export async function vitePressSite(
  files: Readonly<Record<string, string>>,
  settings: Partial<VitePressConfig> = {},
): Promise<{ config: VitePressConfig; log: string[] }> {
  const inDocs = Object.entries(files).map(([path, text]) => [`docs/${path}`, text]);
  const folder = await folderWith({ "package.json": "{}", ...Object.fromEntries(inDocs) });
  const root = `${folder}/docs`;
  const log: string[] = [];
  const keep = (line: string): void => void log.push(line);
  const config: VitePressConfig = {
    root,
    srcDir: root,
    outDir: `${root}/.vitepress/dist`,
    site: { base: "/", lang: "en-US", head: [], locales: {}, themeConfig: {} },
    userConfig: {},
    pages: Object.keys(files),
    dynamicRoutes: [],
    rewrites: { map: {}, inv: {} },
    logger: { info: keep, warn: keep },
    ...settings,
  };
  return { config, log };
}

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ownFile } from "../../words/own-files.ts";
import { filesOf, folderBelow, type Handler } from "../serve-files.ts";
import type { DevSite } from "../site-dev.ts";
import type { DocusaurusContext } from "./context.ts";

const LOADER = fileURLToPath(ownFile("adapters/docusaurus/related-loader.js"));

/** The part of the configuration of webpack and Rspack that siterag adds. */
export interface BundlerChanges {
  readonly module: { readonly rules: readonly object[] };
  readonly plugins?: readonly { readonly apply: (compiler: Compiler) => void }[];
  readonly devServer?: { readonly setupMiddlewares: (middlewares: unknown[]) => unknown[] };
}

interface Compiler {
  readonly hooks: {
    readonly watchRun: { tap(name: string, listener: () => void): void };
  };
}

/**
 * Lets the bundler add the related pages to each page. In a dev server, it also serves the readers' index below
 * `<base>siterag/`, and reads the site again when a file changes.
 * @param folder of the related pages
 * @param dev returns the newest; null: the site is built
 */
export function bundlerChanges(
  { baseUrl, generatedFilesDir }: DocusaurusContext,
  folder: string,
  dev: (() => DevSite | null) | null,
): BundlerChanges {
  const rule = {
    test: /\.json$/u,
    include: join(generatedFilesDir, "docusaurus-plugin-content-docs"),
    use: [{ loader: LOADER, options: { folder } }],
  };
  const module = { rules: [rule] };
  if (dev === null) return { module };
  const middleware: Handler = filesOf(
    { file: async (name) => dev()?.file(name) ?? null },
    folderBelow(baseUrl),
  );
  return {
    module,
    plugins: [
      {
        // Pages may include files that Docusaurus does not watch itself.
        apply: ({ hooks }) => hooks.watchRun.tap("siterag", () => dev()?.changed()),
      },
    ],
    devServer: {
      setupMiddlewares(middlewares) {
        // Before the one that answers every other request with the site's own page.
        middlewares.unshift({ name: "siterag", middleware });
        return middlewares;
      },
    },
  };
}

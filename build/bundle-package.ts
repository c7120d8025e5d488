import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown, type CodeSplittingGroup, type InputOptions, type Plugin } from "rolldown";
import { isLater, laterModules } from "./later-modules.ts";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const DIST = fileURLToPath(new URL("../dist", import.meta.url));

/** What Node loads by a name or an address. */
const ENTRIES = [
  "index",
  "testing",
  "reader/index",
  "adapters/astro/astro",
  "adapters/astro/starlight",
  "adapters/dev-thread",
  "adapters/docusaurus/plugin",
  "adapters/docusaurus/related-loader",
  "adapters/eleventy/eleventy",
  "adapters/vitepress/vitepress",
  "cli/bin",
];

/** What hosts bundle: components, and what they import. */
export const OF_SITES: readonly string[] = [
  "adapters/labels-attribute",
  "adapters/astro/labels",
  "adapters/docusaurus/client/site-search",
  ...globSync("adapters/{vitepress/client/*,docusaurus/theme*/**/index}.ts", {
    cwd: SRC,
    exclude: ["**/*.d.ts"],
  }).map((file) => file.slice(0, -3)),
];

const inputOf = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, join(SRC, `${name}.ts`)]));

/**
 * LanceDB's own code is 220 files with Arrow's, which take longer to load than all of siterag. They become part of the
 * bundle; only LanceDB's library for the platform stays outside.
 */
const lancedb: Plugin = {
  name: "lancedb",
  resolveId: (id, importer = "") =>
    /\/native(?:\.js)?$/u.test(id) && OF_LANCEDB.test(importer) ? NATIVE : null,
  load: (id) => (id === NATIVE ? `module.exports = ${REQUIRE}("./native.js")` : null),
  transform(code, id) {
    const [, given] = LOADS.find(([file]) => id.endsWith(file)) ?? [];
    if (given === undefined) return null;
    if (!code.includes(given)) this.error(`There is no \`${given}\` any more.`);
    return code.replace(given, "require");
  },
};
const OF_LANCEDB = /[\\/]@lancedb[\\/]lancedb[\\/]dist[\\/]/u;
const NATIVE = "\0lancedb-native.cjs";
const REQUIRE = 'require("node:module").createRequire(require.resolve("@lancedb/lancedb"))';

/** How siterag loads them where it is not bundled. */
const LOADS = [
  ["arrow-rows.ts", 'createRequire(import.meta.resolve("@lancedb/lancedb"))'],
  ["lancedb.ts", "await import"],
] as const;

/**
 * Takes Node's own modules as they are. Of an imported one, Node makes an ES module: it reads each property, and so
 * loads streams, cryptography for browsers and more that nobody uses.
 */
const nodeModules: Plugin = {
  name: "node-modules",
  renderChunk: (code) =>
    code.replaceAll(OF_NODE, (_all, all?: string, some?: string, name?: string) =>
      [all, some?.replaceAll(" as ", ": ")]
        .filter((names) => names !== undefined)
        .map((names) => `const ${names} = process.getBuiltinModule("${name}");`)
        .join("\n"),
    ),
};
const OF_NODE = /^import (?:(?:\* as )?([\w$]+))?(?:, )?(\{[^}]*\})? from "(node:[^"]+)";$/gmu;

const OPTIONS: InputOptions = {
  platform: "node",
  external: ["@google/genai"],
  plugins: [lancedb, laterModules, nodeModules],
  transform: { target: "node22.18" },
  // LanceDB has one, in a part that siterag does not use.
  checks: { eval: false },
};

/**
 * Writes the modules that Node loads in few files, which start sooner. They hold copies of all packages that they
 * import, but of the SDK, which few runs need. Returns the files that they are made of.
 */
export async function bundleForNode(): Promise<readonly string[]> {
  const built = await rolldown({ ...OPTIONS, input: inputOf(ENTRIES) });
  const { output } = await built.write({
    dir: DIST,
    // Node keeps any other text in two bytes a letter, and copies it more often.
    charset: "ascii",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    // Whatever is shorter is loaded sooner. All names stay, for the sake of those who read a stack.
    comments: { jsdoc: false, legal: false },
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    codeSplitting: { groups: await groups() },
  });
  await built.close();
  return output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
}

/**
 * What is loaded together, each in one file: what these modules import, but for what those before them do. The first
 * also runs in browsers, and imports nothing of the others; the next four load no database.
 */
const TOGETHER = [
  "reader/index",
  "words/",
  "providers/load-config",
  "providers/create-client",
  "content/hidden-pages",
  "store/open-store",
  "searching/search",
  "indexing/index-site",
];

const groups = (): Promise<CodeSplittingGroup[]> =>
  Promise.all(
    TOGETHER.map(async (name, at) => {
      const modules = name.endsWith("/") ? null : await importedBy(name);
      const folder = join(SRC, name);
      return {
        name: name.replace("/", "-").replace(/-$/u, ""),
        test: (id: string) => modules?.has(id) ?? (id.startsWith(folder) || isLater(id)),
        priority: TOGETHER.length - at,
      };
    }),
  );

/** The modules that are loaded with a module: all but those that it imports later. */
async function importedBy(name: string): Promise<ReadonlySet<string>> {
  const built = await rolldown({ ...OPTIONS, input: inputOf([name]) });
  const { output } = await built.generate();
  await built.close();
  const modules = new Set<string>();
  const add = (file: string): void => {
    for (const chunk of output) {
      if (chunk.type !== "chunk" || chunk.fileName !== file) continue;
      if (chunk.moduleIds.every((id) => modules.has(id))) continue;
      chunk.moduleIds.forEach((id) => modules.add(id));
      chunk.imports.forEach(add);
    }
  };
  add(output[0].fileName);
  return modules;
}

/** Writes what hosts bundle, each module in its own file, with nothing of any package. */
export async function transpileForSites(): Promise<void> {
  const built = await rolldown({ input: inputOf(OF_SITES), external: /^(?![a-z]:)[^./]/iu });
  await built.write({ dir: DIST, preserveModules: true, preserveModulesRoot: SRC });
  await built.close();
}

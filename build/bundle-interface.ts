import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { rolldown, type OutputChunk } from "rolldown";
import { sha256Letters } from "../src/publishing/name-files.ts";

const SOURCE = fileURLToPath(new URL("../src/interface/search.ts", import.meta.url));
const OUT = new URL("../dist/site/", import.meta.url);

/** Enough letters that no two scripts get one name. */
const NAME_LENGTH = 8;

/** Style sheets as modules that export their text, without comments and needless space. */
const styleSheets = {
  name: "style-sheets",
  async load(id: string) {
    if (!id.endsWith(".css")) return null;
    const css = (await readFile(id, "utf8"))
      .replaceAll(/\/\*[^]*?\*\//gu, "")
      .replaceAll(/\s+/gu, " ")
      .replaceAll(/ ?([{};,]) ?/gu, "$1")
      .replaceAll(/: /gu, ":")
      .replaceAll(";}", "}")
      .trim();
    return { code: `export default ${JSON.stringify(css)};`, moduleType: "js" as const };
  },
};

/** Bundles the interface; `external` names modules that stay outside. */
export async function bundle(external: readonly RegExp[] = []): Promise<readonly OutputChunk[]> {
  const input = { search: SOURCE };
  const built = await rolldown({ input, external: [...external], plugins: [styleSheets] });
  const { output } = await built.generate({
    format: "esm",
    minify: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
  });
  await built.close();
  return output.filter((file) => file.type === "chunk");
}

/**
 * Names all scripts but `search.js` by their bytes, so that they may be kept for ever, and deleted safely: those
 * that others load come first.
 */
function named(chunks: readonly OutputChunk[]): Map<string, string> {
  const names = new Map<string, string>();
  const scripts = new Map<string, string>();
  const name = ({ code, dynamicImports, fileName, imports, isEntry }: OutputChunk): void => {
    if (names.has(fileName)) return;
    if (isEntry) names.set(fileName, fileName);
    const needed = new Set([...imports, ...dynamicImports]);
    for (const chunk of chunks) if (needed.has(chunk.fileName)) name(chunk);
    const script = [...names].reduce(
      (text, [from, to]) => text.replaceAll(`./${from}`, `./${to}`),
      code,
    );
    const hash = sha256Letters(new TextEncoder().encode(script)).slice(0, NAME_LENGTH);
    if (!isEntry) names.set(fileName, `${hash}.js`);
    scripts.set(names.get(fileName) ?? fileName, script);
  };
  for (const chunk of chunks) name(chunk);
  return scripts;
}

/** Makes the scripts of the search box in `dist/site`. */
export async function setup(): Promise<void> {
  const scripts = named(await bundle());
  await rm(OUT, { recursive: true, force: true });
  await mkdir(OUT, { recursive: true });
  for (const [name, script] of scripts) await writeFile(new URL(name, OUT), script);
}

if (import.meta.main) await setup();

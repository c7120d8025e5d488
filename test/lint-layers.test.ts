import { execFile } from "node:child_process";
import { copyFile, readdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { folderWith } from "./support/temporary-folder.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OXLINT = join(ROOT, "node_modules/oxlint/bin/oxlint");

/** What each folder may import beside itself; the root is `src/index.ts`. */
const LAYERS: Readonly<Record<string, string>> = {
  adapters:
    "config content embedding indexing interface providers publishing searching upkeep verifying words",
  cli: "config indexing providers publishing reader searching upkeep verifying words",
  indexing:
    "chunking config content embedding generation html planning providers publishing ranking reader sending store words",
  searching:
    "chunking config content embedding generation html planning providers ranking reader sending store words",
  verifying:
    "chunking config content embedding generation html planning providers publishing ranking reader sending store words",
  upkeep:
    "chunking config content embedding generation html indexing planning providers publishing ranking reader sending store words",
  publishing: "config ranking reader store words",
  providers: "chunking config embedding generation planning ranking sending words",
  embedding: "chunking planning sending words",
  generation: "chunking config planning sending words",
  sending: "planning words",
  store: "words",
  content: "html words",
  chunking: "html words",
  html: "words",
  planning: "words",
  interface: "ranking reader words",
  reader: "ranking words",
  ranking: "words",
  config: "words",
  words: "",
};

/** Files that may import a package, which no other file may. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@lancedb/lancedb": ["store/lancedb", "store/arrow-rows", "store/database"],
  "apache-arrow": ["store/lancedb", "store/arrow-rows", "store/database"],
  "@google/genai": ["providers/gemini/probe"],
};
const WITHOUT_NODE = new Set(["chunking", "html", "planning", "ranking", "reader", "interface"]);

const FOLDERS = Object.keys(LAYERS);
const PROBES = [
  ...FOLDERS.map((folder) => `${folder}/probe`),
  ...FOLDERS.map((folder) => `${folder}/below/probe`),
  ...new Set(Object.values(PACKAGES).flat()),
];

const specifiersOf = (probe: string): readonly string[] => {
  const up = "../".repeat(probe.split("/").length - 1);
  const folders = [...FOLDERS.filter((folder) => !probe.startsWith(folder)), "index.ts"];
  const files = folders.map((name) => up + (name === "index.ts" ? name : `${name}/some.ts`));
  return [...files, ...Object.keys(PACKAGES), "node:fs"];
};

const source = (probe: string): string =>
  specifiersOf(probe)
    .map((specifier, at) => `import type { Some as Some${at} } from "${specifier}";`)
    .join("\n");

const report = z.object({
  diagnostics: z.array(z.object({ code: z.string(), message: z.string(), filename: z.string() })),
});

/** Runs the linter with this project's own configuration over one probe for each kind of file. */
async function lint(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const files = PROBES.map((probe) => [`src/${probe}.ts`, source(probe)]);
  const folder = await folderWith(Object.fromEntries(files));
  await copyFile(join(ROOT, "oxlint.config.ts"), join(folder, "oxlint.config.ts"));
  await symlink(resolve(ROOT, "node_modules"), join(folder, "node_modules"));
  const argv = [OXLINT, "--format", "json", "src"];
  const stdout = await new Promise<string>((done) => {
    execFile(process.execPath, argv, { cwd: folder, maxBuffer: 1e8 }, (_error, text) => done(text));
  });
  const refused = new Map<string, Set<string>>();
  for (const { code, message, filename } of report.parse(JSON.parse(stdout)).diagnostics) {
    if (!code.includes("no-restricted-imports")) continue;
    const probe = filename.replaceAll("\\", "/").replace(/^.*src\/|\.ts$/gu, "");
    const specifier = /^'(?<name>[^']+)'/u.exec(message)?.groups?.["name"] ?? message;
    refused.set(probe, (refused.get(probe) ?? new Set()).add(specifier));
  }
  return refused;
}

const folderOf = (specifier: string): string =>
  /(?<=\.\.\/)[a-z]+(?=\/)/u.exec(specifier)?.[0] ?? "index.ts";

function isAllowed(probe: string, specifier: string): boolean {
  const [own = ""] = probe.split("/");
  if (specifier === "node:fs") return !WITHOUT_NODE.has(own);
  const knowing = PACKAGES[specifier];
  if (knowing !== undefined) return knowing.includes(probe);
  return (LAYERS[own] ?? "").split(" ").includes(folderOf(specifier));
}

test("a file may import what its layer may, and any other import fails", async () => {
  const allowed = PROBES.map((probe) => [
    probe,
    specifiersOf(probe).filter((specifier) => isAllowed(probe, specifier)),
  ]);
  const refused = await lint();
  const passed = PROBES.map((probe) => [
    probe,
    specifiersOf(probe).filter((specifier) => refused.get(probe)?.has(specifier) !== true),
  ]);
  expect(Object.fromEntries(passed)).toEqual(Object.fromEntries(allowed));
});

test("every folder of src has its layer", async () => {
  const entries = await readdir(join(ROOT, "src"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  expect(FOLDERS).toEqual(expect.arrayContaining(folders));
});

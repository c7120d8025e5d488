/**
 * Measures what `siterag verify` costs a page: `npm run bench:verify [-- --docs folder…]`. Verifies the
 * example site as Astro builds it, the same site twenty times over, and each folder of Markdown as MkDocs
 * builds it: first with no verdict known, then unchanged. Embeds nothing. Exits 1 if a site of 200 pages or
 * more takes above 15 ms a page cold, or 0.5 ms a page unchanged.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { SiteragConfig } from "../src/config/schema.ts";
import { indexSite } from "../src/indexing/index-site.ts";
import { configSchema } from "../src/providers/load-config.ts";
import { verifySite } from "../src/verifying/verify-site.ts";

const MOST_COLD_MS = 15;
const MOST_UNCHANGED_MS = 0.5;
/** On fewer pages, most of the time is what Node's compiler and LanceDB take at any start. */
const BOUND_FROM_PAGES = 200;
const COPIES = 20;
const UNCHANGED_RUNS = 3;

interface BuiltSite {
  readonly name: string;
  readonly content: SiteragConfig["content"];
  /** Folder of the HTML. */
  readonly site: string;
  /** Seconds; null: no host has built this site as it is. */
  readonly buildSeconds: number | null;
}

/** Runs a host, and returns how many seconds it took. */
function build(command: string, args: readonly string[], cwd: string): number {
  const started = performance.now();
  const { status, stderr, stdout } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}${stdout}`);
  return (performance.now() - started) / 1000;
}

const STARLIGHT = { urlStyle: "directory", pathStyle: "starlight", slugger: "github" } as const;

function exampleSite(): BuiltSite {
  const folder = resolve("example-site");
  return {
    name: "example site (Astro)",
    content: { ...STARLIGHT, root: join(folder, "src/content/docs") },
    buildSeconds: build("npm", ["run", "--silent", "build"], folder),
    site: join(folder, "dist"),
  };
}

/** The same pages under several addresses, as sites have versions. */
function manyTimes({ content, site }: BuiltSite, folder: string): BuiltSite {
  for (let copy = 1; copy <= COPIES; copy += 1) {
    cpSync(String(content?.root), join(folder, `docs/copy-${copy}`), { recursive: true });
    cpSync(site, join(folder, `site/copy-${copy}`), { recursive: true });
  }
  return {
    name: `example site, ${COPIES} times`,
    content: { ...content, root: join(folder, "docs") },
    site: join(folder, "site"),
    buildSeconds: null,
  };
}

function madeByMkDocs(docs: string, folder: string): BuiltSite {
  const settings = { site_name: docs, docs_dir: resolve(docs), site_dir: join(folder, "site") };
  // Every JSON is YAML.
  writeFileSync(join(folder, "mkdocs.yml"), JSON.stringify(settings));
  return {
    name: `${docs} (MkDocs)`,
    content: { root: settings.docs_dir, urlStyle: "directory" },
    buildSeconds: build("mkdocs", ["build", "--quiet"], folder),
    site: settings.site_dir,
  };
}

/** Wall-clock time and that of all cores, in milliseconds. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wallMs = performance.now() - started;
  const { system, user } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (system + user) / 1000 };
}

const least = (costs: readonly Cost[]): Cost => ({
  wallMs: Math.min(...costs.map(({ wallMs }) => wallMs)),
  cpuMs: Math.min(...costs.map(({ cpuMs }) => cpuMs)),
});

async function measured(site: BuiltSite, folder: string): Promise<boolean> {
  const config = configSchema.parse({
    content: { ...site.content, site: site.site },
    embedding: { provider: "none" },
    store: { uri: join(folder, "db") },
  });
  await indexSite({ config });
  let [pages, parsed] = [0, 0];
  const verify = async () => ({ pages, parsed } = await verifySite({ config }));
  const cold = await costOf(verify);
  const parsedCold = parsed;
  const unchanged: Cost[] = [];
  for (let run = 1; run <= UNCHANGED_RUNS; run += 1) unchanged.push(await costOf(verify));
  if (parsed > 0) throw new Error(`${parsed} pages were parsed again though nothing changed.`);
  const perPage = (ms: number): number => Number((ms / pages).toFixed(2));
  const again = least(unchanged);
  console.table({
    [site.name]: {
      pages,
      "host's build, s": site.buildSeconds?.toFixed(1) ?? "—",
      parsed: parsedCold,
      "cold, ms/page": perPage(cold.wallMs),
      "cold CPU": perPage(cold.cpuMs),
      "unchanged, ms/page": perPage(again.wallMs),
      "unchanged CPU": perPage(again.cpuMs),
    },
  });
  if (pages < BOUND_FROM_PAGES) return true;
  return cold.wallMs <= MOST_COLD_MS * pages && again.wallMs <= MOST_UNCHANGED_MS * pages;
}

async function inFolder<Value>(use: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), "siterag-verify-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({ options: { docs: { type: "string", multiple: true } } });
const example = exampleSite();
const cheap = [
  await inFolder((folder) => measured(example, folder)),
  await inFolder((folder) => measured(manyTimes(example, folder), folder)),
];
for (const docs of values.docs ?? []) {
  cheap.push(await inFolder((folder) => measured(madeByMkDocs(docs, folder), folder)));
}
process.exitCode = cheap.every(Boolean) ? 0 : 1;

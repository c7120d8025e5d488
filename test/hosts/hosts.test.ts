import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, searchAll } from "../../src/index.ts";
import type { Hit, ResolvedConfig } from "../../src/index.ts";
import { rowsOf } from "../support/docs-site.ts";
import { tracesInStore } from "../support/traces-in-store.ts";
import { headingsOf, htmlFilesOf, pageOf } from "./built-headings.ts";
import type { BuiltHeading } from "./built-headings.ts";
import { commandsOf, copySite, filesOf, makeWorkshop, run } from "./host-run.ts";
import { SITES } from "./sites.ts";

/** Every word that no reader may see begins so. */
const CANARY = "quokka";
const BASE = "/manual/";
const ROOMS = 24;
/** What siterag writes: its configuration, its store, and where a plugin of the generator does, the index for readers. */
const OWN_FILE = /(?:^|\/)\.?siterag[./]/u;

const SHELL = [
  "sudo apt-get update",
  "sudo apt-get install lantern   # the newest release",
  "",
  "lantern --version",
].join("\n");

let workshop: string;
beforeAll(async () => {
  workshop = await makeWorkshop();
});
afterAll(() => rm(workshop, { recursive: true, force: true }));

/** Page and id that a link goes to, as the headings of built pages are named. */
function targetOf(url: string): { readonly page: string; readonly id: string | null } {
  const { hash, pathname } = new URL(url, "https://docs.example.com");
  expect(pathname, url).toMatch(/^\/manual(?:\/|$)/u);
  const path = decodeURI(pathname.slice(BASE.length)).replace(/\/$/u, "");
  return { page: pageOf(path), id: hash === "" ? null : decodeURIComponent(hash.slice(1)) };
}

/** Does a hit lead to a heading? To a title the address of its page leads, too. */
function leadsTo({ url }: Hit, heading: BuiltHeading): boolean {
  const { id, page } = targetOf(url);
  if (page !== heading.page) return false;
  return id === heading.id || (heading.level === 1 && id === null) || heading.id === null;
}

describe.each(SITES)("a site made with $name", (site) => {
  let folder: string;
  let config: ResolvedConfig;
  let before: ReadonlyMap<string, string>;
  let files: readonly string[];
  let texts: readonly string[];

  beforeAll(async () => {
    folder = await copySite(workshop, site);
    const [build = "", ...commands] = await commandsOf(site.page);
    before = await filesOf(folder);
    if (site.isBuilt) await run(build, folder);
    for (const command of [...commands, site.index ?? []].flat()) await run(command, folder);
    ({ config } = await loadConfig({ cwd: folder }));
    files = (await htmlFilesOf(join(folder, site.built))).filter(
      (file) => !site.leftOut.includes(file),
    );
    texts = [...(await rowsOf(config)).values()].map(({ text }) => text);
  });

  it("is verified to the last word", async () => {
    const { stdout } = await run("siterag verify --json", folder);
    const all = { share: 1, wrong: 0 };
    expect(JSON.parse(stdout)).toMatchObject({
      pages: files.length,
      figures: { urls: all, anchors: all, missing: all, neverShown: all },
      differing: [],
      notIndexed: [],
    });
  });

  it("shows the address that the generator gives a page", async () => {
    const [answer] = await searchAll({ config, queries: ["Install Lantern"] });
    expect(answer?.hits[0]?.url.replace(/#.*$/u, "")).toBe(site.install);
  });

  it("is searched for each heading", async () => {
    const built = join(folder, site.built);
    const pages = await Promise.all(files.map((file) => headingsOf(built, file, site.isMain)));
    const headings = pages.flat();
    expect(headings.length).toBeGreaterThan(25);
    expect(headings.filter(({ text }) => /\p{sc=Han}/u.test(text))).toHaveLength(2);
    const queries = [...new Set(headings.map(({ text }) => text))];
    const answers = await searchAll({ config, queries, limit: 10 });
    const lost = answers.flatMap(({ hits, query }) => {
      const wanted = headings.filter(({ text }) => text === query);
      const first = hits.slice(0, wanted.length === 1 ? 1 : Math.max(3, wanted.length));
      return wanted
        .filter((heading) => !first.some((hit) => leadsTo(hit, heading)))
        .map(({ id, page }) => ({ query, page, id, hits: hits.slice(0, 3).map(({ url }) => url) }));
    });
    expect(lost).toEqual([]);
  });

  it("keeps drafts, comments and hidden text out of every chunk and file", async () => {
    expect(texts.filter((text) => text.includes(CANARY))).toEqual([]);
    expect(await tracesInStore(config.store.uri, [CANARY])).toEqual([]);
    const after = await filesOf(folder);
    const written = [...after].filter(
      ([file, state]) => OWN_FILE.test(file) && before.get(file) !== state,
    );
    expect(written.length).toBeGreaterThan(3);
    for (const [file] of written) {
      expect(await readFile(join(folder, file), "latin1"), file).not.toContain(CANARY);
    }
  });

  it("keeps code whole", () => {
    const fences = texts.flatMap((text) => [
      ...text.matchAll(/^( *)```(\w*).*\n([^]*?)^\1```$/gmu),
    ]);
    const codes = fences.map(([, indent = "", language = "", code = ""]) => ({
      language,
      code: code
        .replaceAll(/ +$/gmu, "")
        .replaceAll(new RegExp(`^${indent}`, "gmu"), "")
        .trimEnd(),
    }));
    expect(codes).toContainEqual({ language: site.languages.shell, code: SHELL });
    const long = codes.filter(({ code }) => code.includes("of the house"));
    expect(new Set(long.map(({ language }) => language))).toEqual(new Set([site.languages.long]));
    const places = long.flatMap(({ code }) =>
      [...code.matchAll(/place (\d+) of the house/gu)].map(([, place]) => Number(place)),
    );
    expect(places).toEqual(Array.from({ length: 2 * ROOMS }, (_, index) => index + 1));
  });

  it("keeps rows and their header together", () => {
    const row = /^\| `lamp\.\w+\.level` \|.*\\\|.*\| Brightness .* place in the list\. \|$/u;
    const tables = texts.filter((text) => text.includes("in percent of the full power"));
    const rows = tables.flatMap((text) => text.split("\n").filter((line) => row.test(line)));
    expect(rows).toHaveLength(ROOMS);
    for (const text of tables) expect(text).toMatch(/^\| setting +\|.*\| meaning +\|$/mu);
  });

  it("is indexed again without a call and without writing", async () => {
    const stored = await filesOf(join(folder, ".siterag"));
    const { stdout } = await run(`${site.index ?? "siterag index"} --json`, folder);
    expect(JSON.parse(stdout)).toMatchObject({
      chunks: { added: 0, moved: 0, deleted: 0, pending: 0, failed: 0 },
      usage: { calls: 0, jobs: 0, texts: 0 },
    });
    expect(await filesOf(join(folder, ".siterag"))).toEqual(stored);
  });
});

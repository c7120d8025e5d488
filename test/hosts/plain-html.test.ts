import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startEmulator } from "../support/emulator/emulator.ts";
import type { Emulator } from "../support/emulator/emulator.ts";
import { ROOT } from "../support/example-copy.ts";
import { serveFolder } from "../support/static-server.ts";
import { BASE } from "./adapter-sites.ts";
import { copySite, filesOf, run, type Output } from "./host-run.ts";
import { serveBuilt, type SiteServer } from "./host-server.ts";
import { blockOf, followGuide, HAND_MADE, handMadePage } from "./plain-sites.ts";
import {
  ask,
  axeFindings,
  chooseByArrows,
  hasSearchFocus,
  isDialogOpen,
  isInView,
  launchChromium,
  markedWords,
  openPage,
  tabToSearch,
} from "./reader.ts";
import { SITES } from "./sites.ts";

const SECTION = "from-source";
const QUESTION = "install from source";
const NAMES = new Set(["Hugo", "MkDocs", "Jekyll", "Sphinx"]);
/** Without it, nothing in the built site tells where it is served. */
const ADDRESS_OF_SPHINX = /^html_baseurl.*\n/mu;

let workshop: string;
let browser: Browser;
let emulator: Emulator;
beforeAll(async () => {
  workshop = await realpath(await mkdtemp(join(tmpdir(), "siterag-test-plain-")));
  // The packed siterag, as npm has installed it.
  await symlink(join(ROOT, "fixtures/site-hosts/node_modules"), join(workshop, "node_modules"));
  [browser, emulator] = await Promise.all([launchChromium(), startEmulator({ jobMs: 200 })]);
});
afterAll(async () => {
  await Promise.all([browser.close(), emulator.close()]);
  await rm(workshop, { recursive: true, force: true });
});

/** Runs a command line with a key, and no configuration of siterag anywhere. */
const runHere = (command: string, folder: string): Promise<Output> =>
  run(command, folder, {
    GEMINI_API_KEY: emulator.key,
    GOOGLE_GEMINI_BASE_URL: emulator.url,
  });

/** What a reader does by keyboard alone, from a page to a heading of another page; returns errors. */
async function searchByKeyboard(from: string, to: string): Promise<readonly string[]> {
  const { errors, page } = await openPage(browser, from);
  await ask(page, QUESTION);
  await chooseByArrows(page, to);
  expect(await markedWords(page)).toContain("source");
  expect(await isInView(page, to.slice(to.indexOf("#") + 1))).toBe(true);
  await tabToSearch(page);
  await page.keyboard.press("Enter");
  await expect.poll(() => isDialogOpen(page)).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => isDialogOpen(page)).toBe(false);
  expect(await hasSearchFocus(page)).toBe(true);
  await page.context().close();
  return errors;
}

/** Asks on the page for all results, as a link to it does; returns where the results lead. */
async function resultsOnPage(url: string, question: string): Promise<readonly string[]> {
  const { errors, page } = await openPage(browser, `${url}?q=${encodeURIComponent(question)}`);
  const options = page.locator("siterag-search-page a[role=option]");
  await options.first().waitFor();
  const links = await options.evaluateAll((all) => all.map(String));
  expect(errors).toEqual([]);
  await page.context().close();
  return links;
}

/** What both commands do when they run again. */
async function again(commands: string, folder: string, built: string): Promise<object> {
  const state = async () => [
    await filesOf(join(folder, ".siterag")),
    await filesOf(join(folder, built, "siterag")),
  ];
  const before = await state();
  const calls = emulator.requests.length;
  const { stdout } = await runHere(commands, folder);
  return {
    calls: emulator.requests.length - calls,
    usage: /^Used .*texts/mu.exec(stdout)?.[0],
    published: /\d+ written, \d+ old removed/u.exec(stdout)?.[0],
    isUnchanged: isDeepStrictEqual(await state(), before),
  };
}

const NOTHING = {
  calls: 0,
  usage: "Used 0 calls, 0 texts",
  published: "0 written, 0 old removed",
  isUnchanged: true,
};

const LOOKS = [
  ["light", 1280, "install"],
  ["dark", 1280, "find"],
  ["light", 360, "find"],
  ["dark", 360, "install"],
] as const;

describe.each(SITES.filter(({ name }) => NAMES.has(name)))(
  "a site of $name with two commands and a tag",
  (site) => {
    let folder: string;
    let commands: string;
    let build: string;
    let first: Output;
    let server: SiteServer;
    const find = site.name === "Sphinx" ? "find.html" : "find/";
    const install = site.install.slice(BASE.length);

    beforeAll(async () => {
      folder = await copySite(workshop, site);
      [build = "", commands = ""] = await followGuide(site.name, folder);
      if (site.name === "Sphinx") {
        const conf = join(folder, "conf.py");
        await writeFile(conf, (await readFile(conf, "utf8")).replace(ADDRESS_OF_SPHINX, ""));
      }
      await run(build, folder);
      first = await runHere(commands, folder);
      server = await serveBuilt(join(folder, site.built));
    });
    afterAll(() => server.close());

    it("is indexed and published without a configuration and without a warning", () => {
      expect(first.stderr).not.toMatch(/warning|error/iu);
      expect(first.stdout).toMatch(/^Used 1 batch job, \d+ texts/mu);
      expect(first.stdout).toMatch(/^Published \d+ pages/mu);
    });

    it("is searched by keyboard alone", async () => {
      expect(await searchByKeyboard(server.url, `${site.install}#${SECTION}`)).toEqual([]);
    });

    it("has a page for all results, which is in no index", async () => {
      const links = await resultsOnPage(server.url + find, QUESTION);
      expect(links).toContain(new URL(`${site.install}#${SECTION}`, server.url).href);
      const { page } = await openPage(browser, server.url + install);
      expect((await ask(page, "all results")).filter((url) => url.includes("find"))).toEqual([]);
      await page.context().close();
    });

    it.each(LOOKS)("has a search that axe finds nothing in: %s, %i px, %s", async (...look) => {
      const [colorScheme, width, name] = look;
      const wishes = { colorScheme, viewport: { width, height: 740 } };
      const address = name === "find" ? find : install;
      const { errors, page } = await openPage(browser, server.url + address, wishes);
      const closed = name === "find" ? await axeFindings(page) : [];
      await ask(page, "lantern");
      expect([...closed, ...(await axeFindings(page))]).toEqual([]);
      expect(errors).toEqual([]);
      await page.context().close();
    });

    it("makes no call and writes nothing when nothing has changed", async () => {
      expect(await again(commands, folder, site.built)).toEqual(NOTHING);
    });

    it("makes no call after the generator has built it again", async () => {
      const seen = emulator.requests.length;
      await run(build, folder);
      await runHere(commands, folder);
      expect(emulator.requests.length).toBe(seen);
      expect(await searchByKeyboard(server.url, `${site.install}#${SECTION}`)).toEqual([]);
    });
  },
);

describe("a folder of HTML without a generator", () => {
  /** Makes the site, indexes and publishes it by the commands of the guide. */
  async function makeSite(tags: (depth: number) => string, head = ""): Promise<string> {
    const folder = await mkdtemp(join(workshop, "hand-made-"));
    for (const [file, [title, main]] of Object.entries(HAND_MADE)) {
      const path = join(folder, "public", file);
      await mkdir(dirname(path), { recursive: true });
      const html = handMadePage(title, main, tags(file.split("/").length - 1));
      await writeFile(path, html.replace("</head>", `${head.replace("FILE", file)}</head>`));
    }
    await mkdir(join(folder, "public/find"));
    const page = await blockOf("A page for all results", "public/find/index.html");
    await writeFile(join(folder, "public/find/index.html"), handMadePage("All", page, tags(1)));
    const commands = await blockOf("Two commands", null);
    await runHere(commands.trim(), folder);
    expect(await again(commands.trim(), folder, "public")).toEqual(NOTHING);
    return join(folder, "public");
  }

  const HIT = `guide/install.html#${SECTION}`;
  const relative = (depth: number): string =>
    `<script type="module" src="${"../".repeat(depth)}siterag/search.js"></script><siterag-search></siterag-search>`;

  it("has a search at the root of a host", async () => {
    const tags = await blockOf("One script tag", "public/index.html");
    const server = await serveFolder(await makeSite(() => tags));
    onTestFinished(server.close);
    const url = `${server.origin}/`;
    expect(await searchByKeyboard(`${url}guide/wicks/`, `/${HIT}`)).toEqual([]);
    expect(await resultsOnPage(`${url}find/`, QUESTION)).toContain(url + HIT);
  });

  it("has a search below a base path that nothing but the tag names", async () => {
    const tags = await blockOf("One script tag", null);
    const server = await serveBuilt(await makeSite(() => tags), "/docs/");
    onTestFinished(server.close);
    expect(await searchByKeyboard(`${server.url}guide/wicks/`, `/docs/${HIT}`)).toEqual([]);
    expect(await resultsOnPage(`${server.url}find/`, QUESTION)).toContain(server.url + HIT);
  });

  it("has a search wherever it is served if the address of the script is relative", async () => {
    const canonical = '<link rel="canonical" href="https://docs.example.com/docs/FILE">';
    const built = await makeSite(relative, canonical);
    for (const base of ["/docs/", "/pr-7/"]) {
      const server = await serveBuilt(built, base);
      onTestFinished(server.close);
      expect(await searchByKeyboard(server.url, `${base}${HIT}`)).toEqual([]);
    }
    const root = await serveFolder(built);
    onTestFinished(root.close);
    expect(await searchByKeyboard(`${root.origin}/find/`, `${root.origin}/${HIT}`)).toEqual([]);
  });

  it("says with exit code 2 what to do without a key, and is indexed by words if asked", async () => {
    const folder = dirname(await makeSite(relative));
    await rm(join(folder, ".siterag"), { recursive: true });
    await expect(run("siterag index --site public", folder)).rejects.toThrow(
      /GEMINI_API_KEY.*--embedding-provider none/su,
    );
    const { stderr } = await run("siterag index --site public --key-optional", folder);
    expect(stderr.match(/warning/giu)).toHaveLength(1);
    await run("siterag index --site public --embedding-provider none", folder);
    await run("siterag publish --out public/siterag", folder);
  });
});

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../build/bundle-interface.ts";
import { labelsOf } from "../../src/interface/translations.ts";
import { interfaceFiles } from "../../src/publishing/interface-files.ts";
import { readManifest } from "../../src/reader/manifest.ts";
import { CHROMIUM_FLAGS } from "../support/chromium-flags.ts";
import { plainSite, type PlainPage, type PlainSite } from "../support/plain-site.ts";

const ATTACK = "<img src=x onerror=alert(1)>";

const PAGES: readonly PlainPage[] = [
  { path: "", title: "Welcome", locale: "en", version: "2", sections: [{ text: "Begin here." }] },
  {
    path: "guide/",
    title: "Guide",
    locale: "en",
    version: "2",
    sections: [
      { text: "How to run the application." },
      { id: "install", heading: "Install", text: "Run the installation once. ".repeat(40) },
      { id: "server-port", heading: "Server port", text: "Choose the port of the server freely." },
      { id: "café", heading: "Café", text: "Where the server has its coffee." },
    ],
  },
  {
    path: "attack/",
    title: `The tag ${ATTACK}`,
    locale: "en",
    version: "2",
    sections: [
      { text: `Never write ${ATTACK} yourself.` },
      { id: "tag", heading: `Heading ${ATTACK}`, text: `An onerror: \`${ATTACK}\`` },
    ],
  },
  {
    path: "v1/guide/",
    title: "Guide of the first version",
    locale: "en",
    version: "1",
    sections: [{ id: "port", heading: "Port", text: "The server has one port." }],
  },
  {
    path: "de/",
    title: "Anleitung",
    locale: "de",
    version: "2",
    sections: [{ id: "port", heading: "Port", text: "Der Port vom Server." }],
  },
];

const LOOKS = {
  rtl: { dir: "rtl", attributes: { labels: JSON.stringify(labelsOf("ar")) } },
  nowhere: { attributes: { index: "/base/nothing/" } },
  "newer-index": { attributes: { index: "/base/newer/" } },
} as const;

let site: PlainSite;
let browser: Browser;
/** What the console has of the page in use that is wrong. */
let problems: string[] = [];

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => problems.push(dialog.message()));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  await page.goto(site.url + path);
  return page;
}

const field = (page: Page) => page.locator("siterag-search [role=combobox]");
const options = (page: Page) => page.locator("siterag-search [role=option]");
const status = (page: Page) => page.locator("siterag-search [role=status]");

const focused = (page: Page): Promise<unknown> =>
  page.evaluate("document.activeElement.getAttribute('href') ?? document.activeElement.localName");

const marksOn = (page: Page): Promise<unknown> =>
  page.evaluate(
    "[...(CSS.highlights.get('siterag') ?? [])].map((mark) => mark.startContainer.data.slice(mark.startOffset, mark.endOffset))",
  );

async function ask(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(text);
  await options(page).first().waitFor();
}

beforeAll(async () => {
  site = await plainSite(PAGES, LOOKS);
  await mkdir(join(site.folder, "newer"));
  await writeFile(join(site.folder, "newer/index.json"), '{"format":99}');
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  problems = [];
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

describe("by keyboard", () => {
  it("opens with Ctrl K, finds, goes to the heading, and marks the words there", async () => {
    const page = await open("");
    await ask(page, "server port");
    expect(await page.locator("siterag-search dialog").getAttribute("open")).toBe("");
    expect(await status(page).textContent()).toBe("Pages shown: 1");
    expect(await field(page).getAttribute("aria-expanded")).toBe("true");
    expect(await field(page).getAttribute("aria-activedescendant")).toBe(null);
    await page.keyboard.press("ArrowDown");
    const active = (await field(page).getAttribute("aria-activedescendant")) ?? "";
    expect(await page.locator(`siterag-search #${active}`).getAttribute("aria-selected")).toBe(
      "true",
    );
    await page.keyboard.press("Enter");
    await page.waitForURL(`${site.url}guide/#server-port`);
    await expect.poll(() => marksOn(page)).toEqual(["Server", "port", "port", "server"]);
    const top = await page.evaluate(
      "document.getElementById('server-port').getBoundingClientRect().top",
    );
    expect(Number(top)).toBeLessThan(100);
    expect(problems).toEqual([]);
  });

  it("opens with /, closes with Escape, and gives the focus back", async () => {
    const page = await open("");
    await page.locator("header a").focus();
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("siterag-search");
    await page.keyboard.type("port");
    await options(page).first().waitFor();
    await page.keyboard.press("Escape");
    expect(await page.locator("siterag-search dialog[open]").count()).toBe(0);
    expect(await focused(page)).toBe("/base/");
    await page.keyboard.press("Control+k");
    expect(await field(page).inputValue()).toBe("port");
    await page.keyboard.press("Control+k");
    expect(await focused(page)).toBe("/base/");
    expect(problems).toEqual([]);
  });

  it("leaves / to a field of the page, but not Ctrl K", async () => {
    const page = await open("");
    await page.locator("header > input").focus();
    await page.keyboard.press("/");
    expect(await page.locator("header > input").inputValue()).toBe("/");
    expect(await page.locator("siterag-search dialog[open]").count()).toBe(0);
    await page.keyboard.press("Control+k");
    expect(await page.locator("siterag-search dialog[open]").count()).toBe(1);
  });

  it("keeps what is typed from the shortcuts of the page", async () => {
    const page = await open("");
    await page.evaluate(
      "seen = []; addEventListener('keydown', ({ key }) => seen.push(key)); addEventListener('keyup', ({ key }) => seen.push(key))",
    );
    await page.keyboard.press("n");
    await ask(page, "server");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    const letters = ["n", "n", "k", "k"];
    expect(await page.evaluate("seen.filter((key) => key.length === 1)")).toEqual(letters);
    await page.keyboard.press("p");
    expect(await page.evaluate("seen.at(-1)")).toBe("p");
    expect(problems).toEqual([]);
  });

  it("walks through all options and back, and opens the first without any", async () => {
    const page = await open("");
    await ask(page, "server");
    const ids: (string | null)[] = [];
    const count = await options(page).count();
    expect(count).toBe(2);
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"]) {
      await page.keyboard.press(key);
      ids.push(await field(page).getAttribute("aria-activedescendant"));
    }
    expect(ids).toEqual(["option-1", "option-2", null, "option-2"]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${site.url}guide/#server-port`);
  });

  it("opens a result in a new tab with Ctrl Enter, and marks the words there", async () => {
    const page = await open("");
    await ask(page, "coffee");
    const opened = page.context().waitForEvent("page");
    await page.keyboard.press("Control+Enter");
    const tab = await opened;
    await expect.poll(() => marksOn(tab)).toEqual(["coffee"]);
    expect(tab.url()).toBe(`${site.url}guide/#caf%C3%A9`);
    expect(page.url()).toBe(site.url);
  });

  it("keeps the focus in the dialog", async () => {
    const page = await open("");
    await ask(page, "server");
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      expect(await focused(page)).toMatch(/^(?:siterag-search|body)$/);
    }
  });

  it("goes to a heading of the page that is open", async () => {
    const page = await open("guide/");
    await ask(page, "server port");
    await page.keyboard.press("Enter");
    await expect.poll(() => marksOn(page)).toEqual(["Server", "port", "port", "server"]);
    expect(page.url()).toBe(`${site.url}guide/#server-port`);
    expect(await page.locator("siterag-search dialog[open]").count()).toBe(0);
  });
});

describe("while typing", () => {
  it("asks for spellings only when a word is finished", async () => {
    const page = await open("");
    const bytes = await readFile(join(site.folder, "siterag/index.json"));
    const spellings = new Set(readManifest(bytes).spellings.map(({ name }) => name));
    const fetched: string[] = [];
    page.on("request", (request) => fetched.push(request.url().split("/").at(-1) ?? ""));
    const asked = (): boolean => fetched.some((name) => spellings.has(name));
    await ask(page, "insta");
    // A pause, in which the word stays the beginning of one.
    await page.waitForTimeout(1000);
    expect(asked()).toBe(false);
    await page.keyboard.type("lltion ");
    await expect.poll(asked).toBe(true);
  });

  it("takes a word that nothing begins with as finished after a pause", async () => {
    const page = await open("");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("instalation");
    await options(page).first().waitFor();
    expect(await options(page).first().getAttribute("href")).toContain("guide/#install");
  });

  it("says that nothing was found, and empties the list for an empty field", async () => {
    const page = await open("");
    await ask(page, "server");
    await field(page).fill("qqqq zzzz");
    await expect.poll(() => status(page).textContent()).toBe("Nothing found for “qqqq zzzz”.");
    expect(await field(page).getAttribute("aria-expanded")).toBe("false");
    await field(page).fill("");
    await expect.poll(() => status(page).textContent()).toBe("");
    expect(await options(page).count()).toBe(0);
  });

  it("works without a network for files that were fetched", async () => {
    const page = await open("");
    await ask(page, "coffee ");
    await field(page).fill("server ");
    await page.locator("siterag-search [part=title]", { hasText: "Guide" }).first().waitFor();
    await page.context().setOffline(true);
    await field(page).fill("coffee ");
    await page.locator("siterag-search [part=snippet] mark", { hasText: "coffee" }).waitFor();
    expect(problems).toEqual([]);
  });
});

describe("text stays text", () => {
  it("in results and in the question", async () => {
    const page = await open("");
    await ask(page, "onerror");
    const texts = await page.locator("siterag-search [part=results]").allTextContents();
    expect(texts.join(" ").split(ATTACK).length).toBeGreaterThan(2);
    await field(page).fill(`${ATTACK} qqqq `);
    await page.waitForTimeout(500);
    await field(page).fill(`<img src=x onerror=qqq()>zzzz`);
    await page.waitForTimeout(1200);
    expect(await page.locator("siterag-search img").count()).toBe(0);
    const searchPage = await open(`search/?q=${encodeURIComponent(ATTACK)}`);
    await searchPage.locator("siterag-search-page [role=option]").first().waitFor();
    expect(await searchPage.locator("img").count()).toBe(0);
    expect(problems).toEqual([]);
  });
});

describe("what is wrong is said", () => {
  it.each([
    ["nowhere/", "This site’s search index is missing."],
    ["newer-index/", "The search has been updated. Load the page again."],
  ])("%s", async (path, text) => {
    const page = await open(path);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("server");
    await expect.poll(() => status(page).textContent()).toBe(text);
  });

  it("and a failure is over when the files are there", async () => {
    const page = await open("");
    const index = join(site.folder, "siterag/index.json");
    await rename(index, `${index}.away`);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("server");
    await expect.poll(() => status(page).textContent()).not.toBe("");
    await rename(`${index}.away`, index);
    await page.keyboard.type(" port");
    await options(page).first().waitFor();
    expect(await options(page).first().getAttribute("href")).toContain("server-port");
  });
});

describe("filters", () => {
  it("search the page's own language and version first, and others by choice", async () => {
    const page = await open("v1/guide/");
    await ask(page, "port");
    expect(await options(page).evaluateAll(hrefs)).toEqual(["/base/v1/guide/#port"]);
    const [language, version] = [
      page.locator("siterag-search select").first(),
      page.locator("siterag-search select").last(),
    ];
    expect(await language.locator("option").allTextContents()).toEqual([
      "English",
      "All languages",
      "German",
    ]);
    expect(await version.locator("option").allTextContents()).toEqual(["1", "All versions", "2"]);
    await version.selectOption("2");
    await page.locator("siterag-search [part=title]", { hasText: /^Guide$/ }).waitFor();
    expect(await options(page).first().getAttribute("href")).toContain("/base/guide/");
    await language.selectOption("German");
    await page.locator("siterag-search [part=title]", { hasText: "Anleitung" }).waitFor();
    expect(await options(page).evaluateAll(hrefs)).toEqual(["/base/de/#port"]);
  });
});

const hrefs = (links: { getAttribute(name: string): string | null }[]): (string | null)[] =>
  links.map((link) => link.getAttribute("href"));

describe("the search page", () => {
  it("reads the question from the address, and writes it there", async () => {
    const page = await open("search/?q=coffee");
    const found = page.locator("siterag-search-page [role=option]");
    await found.first().waitFor();
    expect(await found.first().getAttribute("href")).toBe("/base/guide/#café");
    const input = page.locator("siterag-search-page [role=combobox]");
    expect(await input.inputValue()).toBe("coffee");
    await input.fill("server port & more");
    await page.waitForURL(`${site.url}search/?q=server+port+%26+more`);
    await input.fill("");
    await page.waitForURL(`${site.url}search/`);
    expect(problems).toEqual([]);
  });

  it("gets the question of the dialog", async () => {
    const page = await open("");
    await ask(page, "server port");
    await page.locator("siterag-search [part=all-results]").click();
    await page.waitForURL(`${site.url}search/?q=server+port`);
    const found = page.locator("siterag-search-page [role=option]").first();
    expect(await found.getAttribute("href")).toBe("/base/guide/#server-port");
  });
});

describe("looks", () => {
  const sizes = { desktop: { width: 1200, height: 800 }, phone: { width: 360, height: 640 } };
  const cases = Object.entries(sizes).flatMap(([name, viewport]) =>
    (["light", "dark"] as const).flatMap((colorScheme) =>
      ["", "rtl/"].map((path) => ({ viewport, colorScheme, path, name })),
    ),
  );
  it.each(cases)("axe finds nothing: $name, $colorScheme, $path", async (look) => {
    const page = await open(look.path, look);
    const problemsOf = async (): Promise<unknown> => {
      await page.evaluate(axe.source);
      return page.evaluate(
        "axe.run(document, { rules: { region: { enabled: false } } }).then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]))",
      );
    };
    expect(await problemsOf()).toEqual([]);
    await ask(page, "server port");
    await page.keyboard.press("ArrowDown");
    expect(await problemsOf()).toEqual([]);
    const width = await page.evaluate("document.scrollingElement.scrollWidth");
    expect(width).toBe(look.viewport.width);
    await page.goto(`${site.url}search/?q=server`);
    await page.locator("siterag-search-page [role=option]").first().waitFor();
    expect(await problemsOf()).toEqual([]);
    expect(problems).toEqual([]);
  });

  it("nothing moves: neither as the script comes, nor as the dialog opens, fills and closes", async () => {
    const page = await open("guide/");
    await page.evaluate(
      "window.shifts = []; new PerformanceObserver((list) => shifts.push(...list.getEntries().flatMap(({ sources, value }) => [value, ...sources.map(({ currentRect, previousRect }) => JSON.stringify([previousRect, currentRect]))]))).observe({ type: 'layout-shift', buffered: true })",
    );
    await ask(page, "server");
    await field(page).fill("server port install");
    await page.waitForTimeout(1000);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
    expect(await page.evaluate("shifts")).toEqual([]);
  });

  it("moves nothing for readers who want less motion, and little for others", async () => {
    for (const [reducedMotion, animation] of [
      ["reduce", "none"],
      ["no-preference", "appear"],
    ] as const) {
      const page = await open("", { reducedMotion });
      await page.keyboard.press("Control+k");
      const name = await page.evaluate(
        "getComputedStyle(document.querySelector('siterag-search').shadowRoot.querySelector('dialog')).animationName",
      );
      expect(name).toBe(animation);
    }
  });

  it("shows the labels of the page's language", async () => {
    const page = await open("rtl/");
    expect(await page.locator("siterag-search [part=label]").textContent()).toBe("بحث");
    await page.keyboard.press("Control+k");
    expect(await field(page).getAttribute("placeholder")).toBe("ابحث في الوثائق");
  });
});

describe("a host with a router", () => {
  it("takes over where a reader goes", async () => {
    const page = await open("");
    await page.evaluate(
      "window.gone = []; document.addEventListener('siterag-navigate', (event) => { event.preventDefault(); gone.push(event.detail.url); })",
    );
    await ask(page, "coffee");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("gone")).toEqual([`${site.url}guide/#caf%C3%A9`]);
    expect(page.url()).toBe(site.url);
    expect(await page.locator("siterag-search dialog[open]").count()).toBe(0);
  });
});

it("costs a reader at most 10 KB for the interface, and 22 KB with what searches", async () => {
  const sizeOf = (script: string | Uint8Array): number => gzipSync(script, { level: 9 }).length;
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
  const own = await bundle([/\/(?:reader|ranking)\//u]);
  expect(sum(own.map(({ code }) => sizeOf(code)))).toBeLessThanOrEqual(10 * 1024);
  const all = await interfaceFiles();
  const onPages = all.find(({ name }) => name === "search.js")?.bytes ?? "";
  expect(onPages).not.toBe("");
  expect(sizeOf(onPages)).toBeLessThanOrEqual(6 * 1024);
  expect(sum(all.map(({ bytes }) => sizeOf(bytes)))).toBeLessThanOrEqual(22 * 1024);
});

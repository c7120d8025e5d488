import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { makeReadersIndex } from "../../src/publishing/make-readers-index.ts";
import { CHROMIUM_FLAGS } from "../support/chromium-flags.ts";
import { plainSite, type PlainPage, type PlainSite } from "../support/plain-site.ts";

const PAGES: readonly PlainPage[] = [
  { path: "", title: "Welcome", version: "2", sections: [{ text: "Begin here." }] },
  { path: "v1/", title: "Old", version: "1", sections: [{ text: "The old engine." }] },
  ...["a", "b", "c", "d", "e", "f"].map((name) => ({
    path: `${name}/`,
    title: `Engine ${name}`,
    version: "2",
    sections: [
      { text: `The engine called ${name}.` },
      { id: "oil", heading: "Oil", text: `Oil for the engine of ${name}. Instances need oil.` },
    ],
  })),
];

const LOOKS = {
  "odd-labels": { attributes: { labels: '{"search":5,"noResults":null,"found":"{count}!"}' } },
  "broken-labels": { attributes: { labels: '{"search":' } },
  "script-index": { attributes: { index: "/base/script/" } },
} as const;

let site: PlainSite;
let browser: Browser;

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  await page.goto(site.url + path);
  return page;
}

const inSearch = (page: Page, selector: string): Locator =>
  page.locator("header siterag-search").locator(selector);
const field = (page: Page): Locator => inSearch(page, "[role=combobox]");
const options = (page: Page): Locator => inSearch(page, "[role=option]");
const status = (page: Page): Locator => inSearch(page, "[role=status]");
const openDialogs = (page: Page): Promise<number> =>
  page.locator("siterag-search dialog[open]").count();

const marksOn = (page: Page): Promise<unknown> =>
  page.evaluate(
    "[...(CSS.highlights.get('siterag') ?? [])].map((mark) => mark.startContainer.data.slice(mark.startOffset, mark.endOffset))",
  );

async function ask(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(text);
  await options(page).first().waitFor();
}

/** Lets no file of the index through until the function it gives is called. */
async function holdFiles(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/siterag/*.txt", async (route) => {
    await promise;
    await route.continue().catch(() => {});
  });
  return resolve;
}

/** Presses a key as a keyboard does that Playwright has not. */
const press = (target: Locator, key: Readonly<Record<string, unknown>>): Promise<void> =>
  target.dispatchEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...key });

beforeAll(async () => {
  site = await plainSite(PAGES, LOOKS);
  const section = { page: "x.md", title: "Attack", heading: null, trail: [], text: "An engine." };
  const attack = { ...section, url: "javascript:attacked=1", locale: null, version: null };
  const index = await makeReadersIndex([attack], { provider: "none", model: null });
  await mkdir(join(site.folder, "script"));
  for (const { bytes, name } of [...index.files, index.manifest])
    await writeFile(join(site.folder, "script", name), bytes);
  const executablePath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
  browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await site.close();
});

describe("keys", () => {
  it("Ctrl K is the key in the place of K on a keyboard of another script", async () => {
    const page = await open("");
    await press(page.locator("h1"), { key: "л", code: "KeyK", ctrlKey: true });
    expect(await openDialogs(page)).toBe(1);
    await press(page.locator("h1"), { key: "t", code: "KeyK", ctrlKey: true });
    expect(await openDialogs(page)).toBe(1);
  });

  it("Ctrl K that is held down opens once", async () => {
    const page = await open("");
    await page.keyboard.down("Control");
    for (let time = 0; time < 4; time += 1) await page.keyboard.down("k");
    expect(await openDialogs(page)).toBe(1);
  });

  it("Ctrl K closes the dialog that is open, also one of another element", async () => {
    const page = await open("");
    await page.evaluate(
      "document.querySelector('main').append(document.createElement('siterag-search'))",
    );
    await page.locator("main siterag-search [part=trigger]").click();
    expect(await openDialogs(page)).toBe(1);
    await page.keyboard.press("Control+k");
    expect(await openDialogs(page)).toBe(0);
  });

  it("Enter that ends a composition opens nothing, also in Safari", async () => {
    const page = await open("");
    await ask(page, "engine");
    await press(field(page), { key: "Enter", keyCode: 229 });
    expect(await openDialogs(page)).toBe(1);
    await press(field(page), { key: "Enter", keyCode: 13 });
    expect(await openDialogs(page)).toBe(0);
  });
});

describe("the dialog", () => {
  it("stays when text is selected from the field to beside it, and closes by a click there", async () => {
    const page = await open("");
    await ask(page, "engine");
    const box = await field(page).boundingBox();
    const [x, y] = [(box?.x ?? 0) + 40, (box?.y ?? 0) + 20];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(10, y, { steps: 3 });
    await page.mouse.up();
    expect(await openDialogs(page)).toBe(1);
    await page.mouse.click(10, y);
    expect(await openDialogs(page)).toBe(0);
  });

  it("gives the page back when its element is removed, and works where that is put again", async () => {
    const page = await open("");
    await ask(page, "engine");
    await page.evaluate("window.box = document.querySelector('siterag-search'); box.remove()");
    await expect.poll(() => page.evaluate("document.documentElement.style.cssText")).toBe("");
    await page.evaluate("document.querySelector('header').append(box)");
    await page.keyboard.press("Control+k");
    await field(page).fill("oil");
    await inSearch(page, "mark").filter({ hasText: /^oil$/i }).first().waitFor();
    expect(await openDialogs(page)).toBe(1);
  });

  it("has all results at the address of its link, however that is opened", async () => {
    const page = await open("");
    await ask(page, "engine oil");
    const link = inSearch(page, "[part=all-results]");
    expect(await link.getAttribute("href")).toBe(`${site.url}search/?q=engine+oil`);
    await field(page).fill("oil");
    expect(await link.getAttribute("href")).toBe(`${site.url}search/?q=oil`);
  });
});

describe("results", () => {
  it("more of them answer the same question, and the focus is not lost with the button", async () => {
    const page = await open("");
    await ask(page, "engin");
    expect(await status(page).textContent()).toBe("Pages shown: 5");
    await inSearch(page, "[part=more]").focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => status(page).textContent()).toBe("Pages shown: 6");
    expect(await inSearch(page, "[part=more]").isVisible()).toBe(false);
    await page.keyboard.type(" oil");
    expect(await field(page).inputValue()).toBe("engin oil");
  });

  it("seem to load from the first letter on, while the script that searches comes", async () => {
    const page = await open("");
    const { promise, resolve } = Promise.withResolvers<void>();
    await page.route("**/siterag/*.js", async (route) => {
      await promise;
      await route.continue();
    });
    await page.keyboard.press("Control+k");
    await page.keyboard.type("oil");
    await inSearch(page, ".busy").waitFor();
    resolve();
    await options(page).first().waitFor();
    expect(await inSearch(page, ".busy").count()).toBe(0);
  });

  it("nothing seems to load once the field is empty", async () => {
    const page = await open("");
    await holdFiles(page);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("engine");
    await inSearch(page, ".busy").waitFor();
    await field(page).fill("");
    await expect.poll(() => inSearch(page, ".busy").count()).toBe(0);
  });

  it("an older answer never follows a newer one", async () => {
    const page = await open("");
    await ask(page, "oil ");
    const letFilesThrough = await holdFiles(page);
    // Its spelling is asked for, and comes late.
    await field(page).fill("instamces ");
    await page.waitForTimeout(300);
    await field(page).fill("called ");
    await inSearch(page, "mark").filter({ hasText: "called" }).first().waitFor();
    letFilesThrough();
    await page.waitForTimeout(500);
    expect(await inSearch(page, "mark").allTextContents()).not.toContain("Instances");
  });

  it("stay while one is chosen, when the answer for the whole word comes late", async () => {
    const page = await open("");
    await ask(page, "oil");
    const letFilesThrough = await holdFiles(page);
    const asked = page.waitForRequest("**/siterag/*.txt");
    await field(page).fill("oil instamces");
    await asked;
    await page.keyboard.press("ArrowDown");
    const active = await field(page).getAttribute("aria-activedescendant");
    expect(active).toBe("option-1");
    letFilesThrough();
    await page.waitForTimeout(500);
    expect(await field(page).getAttribute("aria-activedescendant")).toBe(active);
  });

  it("are those of the page's version, also where a router has changed the page", async () => {
    const page = await open("v1/");
    await ask(page, "engine ");
    expect(await options(page).first().getAttribute("href")).toBe("/base/v1/");
    await page.keyboard.press("Escape");
    await page.evaluate("history.pushState(null, '', '/base/a/')");
    await page.keyboard.press("Control+k");
    await field(page).fill("engine  ");
    await expect.poll(() => options(page).first().getAttribute("href")).not.toBe("/base/v1/");
    expect(await inSearch(page, "select").inputValue()).toBe("2");
  });

  it("run no script that an index names as an address", async () => {
    const page = await open("script-index/", { bypassCSP: true });
    await ask(page, "engine");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
    expect(await page.evaluate("typeof attacked")).toBe("undefined");
  });
});

describe("what is wrong", () => {
  it("is seen when a script did not come", async () => {
    const page = await open("");
    await page.route("**/siterag/*.js", (route) => route.abort());
    await inSearch(page, "[part=trigger]").click();
    await expect.poll(() => status(page).textContent()).toContain("could not be loaded");
    expect((await inSearch(page, ".bar").boundingBox())?.height).toBeGreaterThan(20);
  });

  it("is over when a script comes that did not come at first", async () => {
    const page = await open("a/");
    await page.route("**/siterag/*.js*", (route) => route.abort());
    await inSearch(page, "[part=trigger]").click();
    await expect.poll(() => status(page).textContent()).toContain("could not be loaded");
    await page.unroute("**/siterag/*.js*");
    const again = page.waitForRequest("**/siterag/*.js*");
    await page.keyboard.press("Enter");
    // Firefox and older browsers remember by its address that a module did not come.
    expect(new URL((await again).url()).search).not.toBe("");
    await expect.poll(() => status(page).textContent()).toBe("");
    await page.keyboard.type("oil");
    await options(page).first().waitFor();
    await options(page).and(page.locator("[href='/base/a/#oil']")).first().click();
    await expect.poll(() => marksOn(page)).toContain("Oil");
  });

  it("in labels is passed over", async () => {
    const page = await open("odd-labels/");
    await ask(page, "engine");
    expect(await inSearch(page, "[part=label]").textContent()).toBe("Search");
    expect(await status(page).textContent()).toBe("5!");
    await field(page).fill("qqqq ");
    await expect.poll(() => status(page).textContent()).toBe("Nothing found for “qqqq”.");
    const broken = await open("broken-labels/");
    expect(await inSearch(broken, "[part=label]").textContent()).toBe("Search");
  });

  it("takes three lines at most, whatever was pasted", async () => {
    const page = await open("", { viewport: { width: 320, height: 256 } });
    await page.keyboard.press("Control+k");
    await field(page).fill("🚀 ".repeat(5000));
    await expect.poll(() => status(page).textContent()).toContain("Nothing found");
    expect((await status(page).boundingBox())?.height).toBeLessThan(70);
  });
});

describe("marks", () => {
  it("come in a page that takes another's place where storage is forbidden", async () => {
    const page = await open("a/");
    await page.evaluate(
      "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })",
    );
    await ask(page, "oil called a");
    const link = options(page).and(page.locator("[href='/base/a/#oil']")).first();
    await link.click();
    await expect.poll(() => marksOn(page)).toContain("Oil");
  });

  it("end before the page's footer", async () => {
    const page = await open("a/");
    await page.evaluate(
      "document.querySelector('main').append(Object.assign(document.createElement('footer'), { textContent: 'Engine oil' }))",
    );
    await ask(page, "oil called a");
    await options(page).and(page.locator("[href='/base/a/#oil']")).first().click();
    await expect.poll(() => marksOn(page)).toEqual(["Oil", "Oil", "oil"]);
  });

  it("come under a policy that allows no string as script", async () => {
    const page = await open("");
    await page.route(`${site.url}**/`, async (route) => {
      const response = await route.fetch();
      const policy = "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
      await route.fulfill({ response, headers: { "content-security-policy": policy } });
    });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    await page.reload();
    await ask(page, "oil");
    await page.keyboard.press("Enter");
    await expect.poll(() => marksOn(page)).toContain("oil");
    expect(said).toEqual([]);
  });
});

it("is not printed, open or closed, but its page of results is", async () => {
  const page = await open("search/?q=oil");
  await page.locator("siterag-search-page [part=page]").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.emulateMedia({ media: "print" });
  expect(await inSearch(page, "[part=trigger], dialog").filter({ visible: true }).count()).toBe(0);
  expect(await page.locator("siterag-search-page [part=page]").first().isVisible()).toBe(true);
});

it("shows where the focus is in forced colours", async () => {
  const page = await open("search/", { forcedColors: "active" });
  await page.locator("siterag-search-page [role=combobox]").focus();
  const style = await page.evaluate(
    "getComputedStyle(document.querySelector('siterag-search-page').shadowRoot.querySelector('.field')).outlineStyle",
  );
  expect(style).toBe("solid");
});

it("has the font of the page, unless the site names one for it", async () => {
  const page = await open("");
  const fonts = (): Promise<unknown> =>
    page.evaluate(
      `["[part=trigger]", "kbd", "[part=input]"].map((part) =>
        getComputedStyle(document.querySelector("siterag-search").shadowRoot.querySelector(part)).fontFamily)`,
    );
  const style = (name: string, value: string): Promise<unknown> =>
    page.evaluate(`document.documentElement.style.setProperty("${name}", "${value}")`);
  await style("font", "italic 2rem/3 fantasy");
  await ask(page, "oil");
  expect(await fonts()).toEqual(["fantasy", "fantasy", "fantasy"]);
  await style("--siterag-font", "cursive");
  expect(await fonts()).toEqual(["cursive", "cursive", "cursive"]);
});

it("leaves the page as the site had it when the dialog is closed", async () => {
  const page = await open("");
  const styleOf = (): Promise<unknown> =>
    page.evaluate(
      "[document.documentElement.style.overflow, document.documentElement.style.scrollbarGutter]",
    );
  await page.evaluate(
    "Object.assign(document.documentElement.style, { overflow: 'clip', scrollbarGutter: 'stable both-edges' })",
  );
  await page.keyboard.press("Control+k");
  await field(page).waitFor();
  expect(await styleOf()).toEqual(["hidden", expect.any(String)]);
  // Closed and opened again before the browser says that it was closed.
  await page.evaluate(
    "(() => { const one = document.querySelector('header siterag-search'); one.close(); one.open(); })()",
  );
  await expect.poll(styleOf).toEqual(["hidden", expect.any(String)]);
  await page.keyboard.press("Escape");
  await expect.poll(styleOf).toEqual(["clip", "stable both-edges"]);
  await page.context().close();
});

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { CHROMIUM_FLAGS } from "../support/chromium-flags.ts";

/** A page in Chromium, and what went wrong on it. */
export interface ReaderPage {
  readonly page: Page;
  /** Errors in the console, thrown errors, and requests that got no answer. */
  readonly errors: string[];
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: CHROMIUM_FLAGS,
  });

/** Opens a page as a reader with certain wishes, and waits for the search. */
export async function openPage(
  browser: Browser,
  url: string,
  wishes: BrowserContextOptions = {},
): Promise<ReaderPage> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...wishes });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !isFavicon(message.location().url)) {
      errors.push(message.text());
    }
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("response", (response) => {
    if (response.status() >= 400 && !isFavicon(response.url()))
      errors.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(url, { waitUntil: "load" });
  // Docusaurus's dev server makes the page in the browser.
  await waitUntil(page, "document.querySelector('siterag-search')?.shadowRoot != null");
  return { page, errors };
}

/** A browser asks for it unasked, at the root of the host, where a site below a base has none. */
const isFavicon = (url: string): boolean => url.endsWith("/favicon.ico");

/** Hosts may have one for each width of the window. */
const SEARCH =
  "[...document.querySelectorAll('siterag-search')].find((one) => one.getClientRects().length > 0)";
const FIELD = "siterag-search [part=input]";
const OPTIONS = "siterag-search :is([part=page], [part=section])";

/** Opens the dialog by the shortcut and types; waits for results. */
export async function ask(page: Page, question: string): Promise<readonly string[]> {
  // Its script may come after the page.
  await page.locator(FIELD).waitFor({ state: "attached" });
  await page.keyboard.press("Control+k");
  await page.locator(FIELD).waitFor();
  await page.keyboard.type(question, { delay: 10 });
  await page.locator(OPTIONS).first().waitFor();
  return page.evaluate<string[]>(
    `[...${SEARCH}.shadowRoot.querySelectorAll("a[role=option]")].map(({ href }) => href)`,
  );
}

/** Chooses the result that leads to an address, by arrows and Enter, and waits for that page. */
export async function chooseByArrows(page: Page, end: string): Promise<void> {
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press("ArrowDown");
    const href = await page.locator(`${OPTIONS}[aria-selected=true]`).getAttribute("href");
    if (href?.endsWith(end) === true) break;
  }
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => decodeURI(url.href).endsWith(end));
}

/** Milliseconds between two looks, and how many looks there are: 20 seconds. */
const LOOK_MS = 50;
const LOOKS = 400;

/**
 * Waits until an expression is true on the page, through reloads: a dev server loads a page again when its related
 * pages are known. `waitForFunction` does the same, but not on pages that allow no `eval`.
 */
export async function waitUntil(page: Page, expression: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (await isTrueOn(page, expression)) return;
    await page.waitForTimeout(LOOK_MS);
  }
  throw new Error(`On ${page.url()}, this did not become true: ${expression}`);
}

/** Whether an expression is true; it is not on a page that is just replaced by the next. */
async function isTrueOn(page: Page, expression: string): Promise<boolean> {
  try {
    return await page.evaluate<boolean>(`Boolean(${expression})`);
  } catch (error) {
    if (String(error).includes("Execution context was destroyed")) return false;
    throw error;
  }
}

/** Words that are marked on the page. */
export async function markedWords(page: Page): Promise<readonly string[]> {
  await waitUntil(page, "CSS.highlights.get('siterag')?.size > 0");
  return page.evaluate<string[]>(`[...CSS.highlights.get("siterag")].map((mark) => {
    const range = document.createRange();
    range.setStart(mark.startContainer, mark.startOffset);
    range.setEnd(mark.endContainer, mark.endOffset);
    return range.toString().toLowerCase();
  })`);
}

/** Whether a reader sees the element with an id; a browser scrolls to whole pixels. */
export const isInView = (page: Page, id: string): Promise<boolean> =>
  page.evaluate<boolean>(`(() => {
    const { top } = document.getElementById(${JSON.stringify(id)}).getBoundingClientRect();
    return top > -1 && top < innerHeight;
  })()`);

/** Goes by Tab to the button of the search. */
export async function tabToSearch(page: Page): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    if (await hasSearchFocus(page)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab does not reach the search.");
}

/** Whether the button of the search has the focus, and not the field of its dialog. */
export const hasSearchFocus = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>(`document.activeElement.localName === "siterag-search" &&
    document.activeElement.shadowRoot.activeElement?.part.contains("trigger")`);

export const isDialogOpen = (page: Page): Promise<boolean> => page.locator(FIELD).isVisible();

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds in siterag's parts of a page, in one line each. */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  // Not as a script of the page, which its policy may forbid.
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`axe.run({
    include: ["siterag-search", "siterag-search-page", ".siterag-related"]
      .filter((selector) => document.querySelector(selector) !== null)
      .map((selector) => [selector]),
  }).then(({ violations }) => violations.flatMap(({ help, id, nodes }) =>
    nodes.map(({ failureSummary, html }) => [id, help, html, failureSummary].join(" · "))))`);
}

/** Whether nothing of the page is wider than the window. */
export const fitsWidth = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth");

/**
 * Takes pictures of the site that each adapter builds, for people to look at:
 * `npm run screenshots -- [--out folder] [host…]`. Light and dark, desktop and phone: the related pages, the
 * dialog with results and without, and the page with all results.
 */
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Browser } from "playwright-core";
import { ADAPTER_SITES, type AdapterSite } from "../test/hosts/adapter-sites.ts";
import { makeAdapterWorkshop } from "../test/hosts/adapter-workshop.ts";
import { run } from "../test/hosts/host-run.ts";
import { serveBuilt } from "../test/hosts/host-server.ts";
import { ask, launchChromium, openPage } from "../test/hosts/reader.ts";

const SCHEMES = ["light", "dark"] as const;
const WINDOWS = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: "string" } },
});
const out = resolve(values.out ?? (await mkdtemp(join(tmpdir(), "siterag-screenshots-"))));
await mkdir(out, { recursive: true });

async function takeAll(browser: Browser, site: AdapterSite, url: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    for (const [window, viewport] of Object.entries(WINDOWS)) {
      const wishes = { colorScheme, viewport };
      const path = (what: string): string =>
        join(out, `${site.fixture}-${what}-${colorScheme}-${window}.png`);
      const open = (address: string) => openPage(browser, url + address, wishes);
      const { page } = await open(site.pages.install);
      await page.screenshot({ path: path("top") });
      await page.screenshot({ path: path("page"), fullPage: true });
      await ask(page, "lamp signature");
      await page.screenshot({ path: path("dialog") });
      await page.keyboard.press("Control+a");
      await page.keyboard.type("zzqqxx");
      await page.locator("siterag-search .told").waitFor();
      await page.screenshot({ path: path("nothing") });
      await page.context().close();
      const results = await open(`${site.pages.search}?q=lamp`);
      await results.page.locator("siterag-search-page [part=page]").first().waitFor();
      await results.page.screenshot({ path: path("results") });
      await results.page.context().close();
    }
  }
}

const workshop = await makeAdapterWorkshop();
const browser = await launchChromium();
try {
  const wanted = ADAPTER_SITES.filter(
    ({ fixture }) => positionals.length === 0 || positionals.includes(fixture),
  );
  for (const site of wanted) {
    const folder = await workshop.makeSite(site);
    // Some hosts show related pages from the build before.
    for (let build = 0; build < 2; build += 1) await run(site.build, folder);
    const server = await serveBuilt(join(folder, site.built));
    await takeAll(browser, site, server.url);
    await server.close();
    console.log(`${site.name}: ${out}`);
  }
} finally {
  await browser.close();
  await workshop.remove();
}

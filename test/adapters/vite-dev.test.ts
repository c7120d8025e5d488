import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createServer, type Connect, type Plugin } from "vite";
import { resultsPlugin } from "../../src/adapters/results-module.ts";
import { startDev } from "../../src/adapters/site-dev.ts";
import { devServerPlugin, isOfStore } from "../../src/adapters/vite-dev.ts";
import { readManifest } from "../../src/reader/manifest.ts";
import { workHere } from "./work-here.ts";
import { folderWith } from "../support/temporary-folder.ts";

const FILES = {
  "site/package.json": "{}",
  "site/index.html": "<p>Vite's own page</p>",
  "site/page.js": 'import { related } from "virtual:siterag"; export default related("a.md");',
  "content/a.md": "# Apples\n\nApples grow beside the pergola.\n",
};

/** A dev server of Vite for a site whose pages are outside of Vite's root. */
async function serverOf(base: string, ...plugins: readonly Plugin[]) {
  const folder = await folderWith(FILES);
  const root = join(folder, "site");
  const warnings: string[] = [];
  const logger = { info: () => undefined, warn: (line: string) => void warnings.push(line) };
  const options = { content: { root: "../content" }, embedding: { provider: "mock" } } as const;
  const dev = await startDev(
    { host: "test", root, options, found: {}, logger, environment: {} },
    workHere(),
  );
  const server = await createServer({
    root,
    base,
    configFile: false,
    logLevel: "silent",
    appType: "mpa",
    server: { host: "127.0.0.1", port: 0 },
    plugins: [resultsPlugin(() => dev.results), devServerPlugin(dev, base), ...plugins],
  });
  await server.listen();
  onTestFinished(async () => {
    await server.close();
    await dev.close();
  });
  return { dev, server, folder, origin: new URL(server.resolvedUrls?.local[0] ?? "").origin };
}

const WAIT = { timeout: 20_000, interval: 50 };

const headersOf = ({ headers, status }: Response): unknown => [
  status,
  headers.get("content-type"),
  headers.get("cache-control"),
];

test.each([
  ["/", "/siterag/"],
  ["/docs/", "/docs/siterag/"],
  ["/docs", "/docs/siterag/"],
])("with the base %s the files are below %s, and nothing else is", async (base, folder) => {
  const { origin } = await serverOf(base);
  const index = await fetch(`${origin}${folder}index.json?v=1`);
  expect(headersOf(index)).toEqual([200, "application/json; charset=utf-8", "no-cache"]);
  const { table } = readManifest(await index.bytes());
  const file = await fetch(`${origin}${folder}${table}`);
  expect(headersOf(file)).toEqual([200, "text/plain; charset=utf-8", "no-cache"]);
  expect(Number(file.headers.get("content-length"))).toBe((await file.arrayBuffer()).byteLength);
  const head = await fetch(`${origin}${folder}index.json`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
  const others = [`${folder}nowhere.txt`, `${folder}x/index.json`, folder];
  for (const path of others) expect((await fetch(origin + path)).status).toBe(404);
  expect((await fetch(`${origin}${folder}index.json`, { method: "POST" })).status).toBe(404);
  const page = await fetch(`${origin}${folder.replace("siterag/", "")}index.html`);
  expect(await page.text()).toContain("Vite's own page");
});

test("the files are found where the host takes its base off the address first, as Astro does", async () => {
  const host: Plugin = {
    name: "host",
    configureServer: ({ middlewares }) => {
      const handle: Connect.NextHandleFunction = (request, _, next) => {
        request.url = request.url?.replace("/docs/", "/") ?? "";
        next();
      };
      middlewares.stack.unshift({ route: "", handle });
    },
  };
  const { origin } = await serverOf("/docs", host);
  const index = await fetch(`${origin}/docs/siterag/index.json`);
  expect(readManifest(await index.bytes()).pages).toBe(1);
});

test("a page outside of Vite's root is read again when it changes, appears or disappears", async () => {
  const { dev, folder, origin } = await serverOf("/");
  const pagesIn = async (): Promise<number> =>
    readManifest(await (await fetch(`${origin}/siterag/index.json`)).bytes()).pages;
  const becomes = (pages: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = async (): Promise<void> => void ((await pagesIn()) === pages && resolve());
      dev.onUpdate(() => void look().catch(reject));
    });
  expect(await pagesIn()).toBe(1);
  const added = becomes(2);
  await writeFile(join(folder, "content/b.md"), "# Bread\n\nBread is baked.\n");
  await added;
  const removed = becomes(1);
  await rm(join(folder, "content/b.md"));
  await removed;
  expect(await pagesIn()).toBe(1);
});

test("pages get the newest results: their module is loaded anew, and the browser reloads", async () => {
  const { dev, folder, origin, server } = await serverOf("/");
  const rendered = async (): Promise<unknown> =>
    (await server.ssrLoadModule("/page.js"))["default"];
  const served = async (): Promise<string> =>
    (await fetch(`${origin}/@id/__x00__virtual:siterag`)).text();
  const reloads: unknown[] = [];
  const send = vi
    .spyOn(server.ws, "send")
    .mockImplementation((payload: unknown) => void reloads.push(payload));
  onTestFinished(() => send.mockRestore());
  await vi.waitFor(() => expect(dev.results.pages).toHaveLength(1), WAIT);
  expect(await rendered()).toEqual([]);
  expect(await served()).not.toContain("/b/");
  await writeFile(join(folder, "content/b.md"), "# Bread\n\nBread is baked.\n");
  await vi.waitFor(() => expect(dev.results.pages).toHaveLength(2), WAIT);
  expect(await served()).toContain("b.md");
  expect(reloads).toContainEqual({ type: "full-reload" });
  const before = await server.ssrLoadModule("virtual:siterag");
  expect(JSON.stringify(before["settings"])).toContain("related");
});

test("the site is closed with its server, and not when the server starts again", async () => {
  const { dev, server, origin } = await serverOf("/");
  const close = vi.spyOn(dev, "close");
  const { port } = new URL(origin);
  server.config.inlineConfig.server = { host: "127.0.0.1", port: Number(port) };
  await server.restart();
  expect((await fetch(`${origin}/siterag/index.json`)).status).toBe(200);
  expect(close).not.toHaveBeenCalled();
  await server.close();
  expect(close).toHaveBeenCalledTimes(1);
});

test.each([
  ["/site/.siterag/db/chunks.lance", true],
  ["C:\\site\\.siterag\\db\\chunks.lance", true],
  ["C:/site/.siterag/options.json", true],
  ["C:\\site\\docs\\.siteragignore", false],
])("a change of %s is one of the store: %s", (path, is) => {
  expect(isOfStore(path)).toBe(is);
});

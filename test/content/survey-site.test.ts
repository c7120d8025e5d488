import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContentFiles } from "../../src/content/discover.ts";
import { surveySite } from "../../src/content/survey-site.ts";
import { folderWith } from "../support/temporary-folder.ts";

const page = (main: string, head = "", lang = "en"): string =>
  `<!doctype html><html lang="${lang}"><head>${head}</head><body><nav>menu</nav><main>${main}</main></body></html>`;

const filesOf = async (
  files: Readonly<Record<string, string>>,
  exclude: readonly string[] = [],
): Promise<ContentFiles> => ({
  root: await folderWith(files),
  include: ["**/*.{html,htm}"],
  exclude,
  isBuilt: true,
});

const DEFAULTS = { baseUrl: "/", urlStyle: "directory" } as const;

async function survey(files: Readonly<Record<string, string>>, exclude?: readonly string[]) {
  const report = { warn: () => undefined, fail: () => undefined };
  return surveySite(await filesOf(files, exclude), DEFAULTS, report, undefined);
}

const leftOutOf = async (files: Readonly<Record<string, string>>): Promise<object> =>
  Object.fromEntries((await survey(files)).map(({ id, leftOut }) => [id, leftOut]));

describe("a survey of a built site", () => {
  it("lists its HTML in byte order, whatever git ignores, without machinery and what is excluded", async () => {
    const found = await survey(
      {
        ".gitignore": "*.html\n",
        ".siteragignore": "secret/\n",
        "index.html": page("a"),
        "guide/b.htm": page("b"),
        "Z.html": page("z"),
        "app.js": "",
        "secret/x.html": page("x"),
        "old/x.html": page("x"),
        "_static/x.html": page("x"),
        "_modules/m.html": page("x"),
        ".cache/x.html": page("x"),
        "node_modules/p/x.html": page("x"),
      },
      ["old/**"],
    );
    expect(found.map(({ id }) => id)).toEqual(["Z.html", "guide/b.htm", "index.html"]);
    expect(found.map(({ leftOut }) => leftOut)).toEqual([null, null, null]);
  });

  it("says what is left out, and why", async () => {
    expect(
      await leftOutOf({
        "404.html": page("nothing here"),
        "fr/404/index.html": page("rien"),
        "pt-br/v2.0/404.html": page("nada aqui"),
        "latest/404.html": page("nothing new"),
        "codes/404/index.html": page("what 404 means"),
        "old.html": page("moved", '<meta http-equiv="refresh" content="0; url=/new">'),
        "tags.html": page("all", '<meta name="robots" content="noindex">'),
        "new.html": page("new"),
      }),
    ).toEqual({
      "404.html": "not found",
      "fr/404/index.html": "not found",
      "pt-br/v2.0/404.html": "not found",
      "latest/404.html": "not found",
      "codes/404/index.html": null,
      "old.html": "redirect",
      "tags.html": "noindex",
      "new.html": null,
    });
  });

  it("leaves out what is not marked where other pages are", async () => {
    const marked = page("<div data-pagefind-body>a</div>");
    expect(await leftOutOf({ "a.html": marked, "b.html": page("b") })).toEqual({
      "a.html": null,
      "b.html": "not marked",
    });
  });

  it("hashes what counts: another menu or another script is the same page", async () => {
    const hashesOf = async (html: string) =>
      (await survey({ "a.html": html })).map(({ contentHash }) => contentHash);
    const html = page("words", '<script src="/app.1.js"></script>');
    const again = html.replace("app.1.js", "app.2.js").replace("menu", "menu with more");
    expect(await hashesOf(again)).toEqual(await hashesOf(html));
    expect(await hashesOf(html.replace("words", "other words"))).not.toEqual(await hashesOf(html));
  });

  it("reports a file that cannot be read, and goes on", async () => {
    const files = await filesOf({ "b.html": page("b") });
    await symlink("nowhere", join(files.root, "a.html"));
    const failed: string[] = [];
    const report = { warn: () => undefined, fail: (id: string) => failed.push(id) };
    const found = await surveySite(files, DEFAULTS, report, undefined);
    expect(found.map(({ id }) => id)).toEqual(["b.html"]);
    expect(failed).toEqual(["a.html"]);
  });

  it("stops when it is aborted", async () => {
    const files = await filesOf({ "a.html": page("a") });
    const report = { warn: () => undefined, fail: () => undefined };
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(surveySite(files, DEFAULTS, report, signal)).rejects.toThrow("stop");
  });

  it("asks for a build where there is none", async () => {
    const files = { ...(await filesOf({})), root: "/nowhere/dist" };
    const report = { warn: () => undefined, fail: () => undefined };
    await expect(surveySite(files, DEFAULTS, report, undefined)).rejects.toMatchObject({
      code: "CONTENT_ROOT_MISSING",
      message: expect.stringContaining("build the site first"),
    });
  });
});

describe("of two files with the same content", () => {
  const canonical = (url: string): string => `<link rel="canonical" href="${url}">`;

  it.each([
    [
      "the one that canonical addresses name",
      {
        "a.html": page("same", canonical("https://example.org/b.html")),
        "b.html": page("same", canonical("https://example.org/b.html")),
      },
      "b.html",
    ],
    [
      "the one that is nearer to the root",
      { "fr/a.html": page("same", "", "fr"), "z.html": page("same") },
      "z.html",
    ],
    ["the first", { "b.html": page("same"), "a.html": page("same") }, "a.html"],
    [
      "one that belongs in the index",
      { "a.html": page("same", '<meta name="robots" content="noindex">'), "b.html": page("same") },
      "b.html",
    ],
    [
      "one that is no fallback copy",
      {
        "a.html": page('<p class="sl-markdown-content">same</p>').replace(
          "<main",
          '<main lang="de"',
        ),
        "b.html": page("same"),
      },
      "b.html",
    ],
  ])("%s is the page", async (_which, files, wanted) => {
    const found = await survey(files);
    expect(found.filter(({ leftOut }) => leftOut === null).map(({ id }) => id)).toEqual([wanted]);
    for (const { copyOf, leftOut } of found)
      expect(copyOf).toBe(leftOut === "copy" ? wanted : null);
  });

  it.each([
    [
      "the page of another version",
      page("same", '<meta name="docusaurus_version" content="1">'),
      page("same", '<meta name="docusaurus_version" content="2">'),
    ],
    ["a page without words", page(""), page("")],
  ])("none is a copy if it is %s", async (_what, one, other) => {
    const found = await survey({ "a.html": one, "b.html": other });
    expect(found.map(({ copyOf }) => copyOf)).toEqual([null, null]);
  });
});

import { expect, it } from "vitest";
import { withoutSilentComments } from "../../src/content/page-routes.ts";
import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { readPages } from "../support/read-pages.ts";
import { makeSite } from "./site.ts";

const VITEPRESS = { slugger: "vitepress", urlStyle: "clean", baseUrl: "/base/" } as const;

async function read(content: ContentOptions, only: ReadonlySet<string> | null = null) {
  const log: string[] = [];
  const warn = (message: string): void => void log.push(message);
  const warnOfAll = (_: string, each: readonly string[]): void => void log.push(...each);
  const report = {
    warn,
    tell: warn,
    warnOfAll,
    fail: (_: string, message: string) => warn(message),
  };
  return { pages: await Array.fromAsync(readPages(content, report, undefined, only)), log };
}

const TEMPLATE = `---
title: Package
---
# {{ $params.name }}

Costs {{ $params.price }}, in code \`{{ $params.name }}\`, {{ $params.unknown }}.

<!-- @content -->
<!--@include: ./missing.md-->
<!--@include: ./part.md-->
`;

const route = (name: string, content = "") => ({
  file: "packages/[name].md",
  params: { name, price: "*4* <b>" },
  content,
});

it("reads the pages of a route template at their own addresses", async () => {
  const content = await makeSite(
    { "packages/[name].md": TEMPLATE, "packages/part.md": "A part of {{ $params.name }}.\n" },
    {
      ...VITEPRESS,
      exclude: ["packages/part.md"],
      routes: {
        "packages/foo.md": route("foo", "## More\n\nText of {{ $params.name }} with $& signs."),
        "packages/bar.md": route("bar"),
      },
    },
  );
  const { pages, log } = await read(content);
  expect(pages.map(({ id, url, title }) => [id, url, title])).toEqual([
    ["packages/bar.md", "/base/packages/bar", "Package"],
    ["packages/foo.md", "/base/packages/foo", "Package"],
  ]);
  expect(pages[1]?.body).toMatchInlineSnapshot(`
    "# foo

    Costs &#42;4&#42; &#60;b&#62;, in code \`{{ $params.name }}\`, {{ $params.unknown }}.

    ## More

    Text of foo with $& signs.
    <!--@include: ./missing.md-->
    A part of foo.

    "
  `);
  expect(pages[1]?.sourceLines).toMatchInlineSnapshot(`
    [
      4,
      5,
      6,
      7,
      8,
      8,
      8,
      9,
      10,
      10,
      11,
    ]
  `);
  expect(pages[0]?.contentHash).not.toBe(pages[1]?.contentHash);
  expect(log).toMatchInlineSnapshot(`
    [
      "packages/[name].md:9: ./missing.md is not included: there is no such file; correct the path.",
      "packages/[name].md:9: ./missing.md is not included: there is no such file; correct the path.",
    ]
  `);
});

it("changes a page with its parameters and its content, and finds it by its template", async () => {
  const files = { "[name].md": "# {{ $params.name }}\n" };
  const hashWith = async (params: object, text: string) => {
    const routes = { "a.md": { file: "[name].md", params: { ...params }, content: text } };
    const content = await makeSite(files, { routes });
    const { pages } = await read(content, new Set(["[name].md"]));
    return pages.map(({ contentHash }) => contentHash);
  };
  const [one] = await hashWith({ name: "a" }, "");
  expect(await hashWith({ name: "a" }, "")).toEqual([one]);
  expect(await hashWith({ name: "b" }, "")).not.toEqual([one]);
  expect(await hashWith({ name: "a" }, "text")).not.toEqual([one]);
});

it("leaves out what the settings leave out: the page, its folder, its template", async () => {
  const files = { "packages/[name].md": TEMPLATE, "other/[name].md": TEMPLATE };
  const other = { ...route("b"), file: "other/[name].md" };
  const routes = { "packages/a.md": route("a"), "packages/b.md": route("b"), "other/b.md": other };
  const idsWith = async (settings: Partial<ContentOptions>) => {
    const content = await makeSite(files, { routes, ...settings });
    return (await read(content)).pages.map(({ id }) => id);
  };
  expect(await idsWith({ exclude: ["**/b.md"] })).toEqual(["packages/a.md"]);
  expect(await idsWith({ exclude: ["packages"] })).toEqual(["other/b.md"]);
  expect(await idsWith({ exclude: [String.raw`other/\[name\].md`] })).not.toContain("other/b.md");
  expect(await idsWith({ include: ["**/*.md", "!packages/**"] })).toEqual(["other/b.md"]);
});

it("makes no page of a template that is a draft or is missing", async () => {
  const routes = { "a.md": route("a"), "b.md": { ...route("b"), file: "gone.md" } };
  const content = await makeSite({ "packages/[name].md": "---\nsearch: false\n---\n" }, { routes });
  const { pages, log } = await read(content);
  expect(pages).toEqual([]);
  expect(log).toEqual([]);
});

it("takes the address and the locale of a file from the settings", async () => {
  const content = await makeSite(
    { "src/a/index.md": "", "src/b/index.md": "---\nslug: other\n---\n", "src/b/more.md": "" },
    {
      ...VITEPRESS,
      paths: { "src/a/index.md": "a/start.md", src: "code" },
      locales: { "src/a/index.md": "cs", ".": "en" },
    },
  );
  const { pages } = await read(content);
  expect(pages.map(({ url, locale }) => [url, locale])).toEqual([
    ["/base/a/start", "cs"],
    ["/base/code/b/", "en"],
    ["/base/code/b/more", "en"],
  ]);
});

it("removes comments outside code that no host reads", () => {
  const text = "a <!-- b\nc --> `<!-- d -->` <!--@include: e.md--> <!-- @content --> f <!-- g";
  expect(withoutSilentComments(text)).toBe(
    "a  `<!-- d -->` <!--@include: e.md--> <!-- @content --> f ",
  );
});

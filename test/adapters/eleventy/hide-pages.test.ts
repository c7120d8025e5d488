import { describe, expect, it } from "vitest";
import type { EleventyConfig, TemplateData } from "../../../src/adapters/eleventy/config.ts";
import { hidePages, marked } from "../../../src/adapters/eleventy/hide-pages.ts";
import { pageFacts } from "../../../src/html/page-facts.ts";
import { scanPage } from "../../../src/html/scan-page.ts";

const MARK = '<meta name="rag" content="false">';

type Hiding = Pick<EleventyConfig, "addPreprocessor" | "addTransform">;

/** What Eleventy does with a page: `read` when it has the data, `write` when it has rendered the HTML. */
function eleventy() {
  let read: Parameters<Hiding["addPreprocessor"]>[2] = () => undefined;
  let transform: Parameters<Hiding["addTransform"]>[1] = () => undefined;
  const isHidden = hidePages({
    addPreprocessor: (_name, _extensions, callback) => (read = callback),
    addTransform: (_name, callback) => (transform = callback),
  });
  const write = ({ page }: TemplateData): unknown => transform.call({ page }, "<p>Words</p>");
  return { isHidden, read, write };
}

const data = (inputPath = "./index.md"): TemplateData => ({
  page: { inputPath, outputPath: "_site/index.html" },
});

describe("a page whose data are computed", () => {
  it("is hidden by what they are when it is written", () => {
    const { isHidden, read, write } = eleventy();
    const [shown, hidden] = [data(), data("./plan.md")];
    read(shown);
    read(hidden);
    hidden["draft"] = true;
    expect(["./index.md", "./plan.md", "./new.md"].map(isHidden)).toEqual([false, true, false]);
    expect(write(shown)).toBe("<p>Words</p>");
    expect(write(hidden)).toBe(`${MARK}<p>Words</p>`);
  });

  it.each(["eleventyComputed", "buildawesomeComputed"])(
    "is hidden by its own data, not by those of its pagination: %s",
    (key) => {
      const { read, write } = eleventy();
      const all: TemplateData = { ...data(), [key]: { title: "Lamps" } };
      read(all);
      expect(all).toMatchObject({ [key]: { title: "Lamps" } });
      const compute = all.eleventyComputed?.page?.isHiddenFromSiterag;
      const page: TemplateData = { ...all, rag: false, page: { ...all.page } };
      page.page.isHiddenFromSiterag = compute?.(page);
      expect(write(page)).toBe(`${MARK}<p>Words</p>`);
      expect(write(all)).toBe("<p>Words</p>");
    },
  );
});

describe("the mark of a page that belongs in no index", () => {
  it.each([
    ["<!doctype html><html><head><title>A</title></head>", "<head>"],
    ['<HTML lang="en"><HEAD id="top"><title>A</title>', '<HEAD id="top">'],
    ['<!DOCTYPE html><html lang="en"><title>A</title><p>Words', '<html lang="en">'],
    ["<!doctype html><title>A</title><p>Words", "<!doctype html>"],
    ["<p>Words</p>", ""],
    ['<html x-data="{ isOpen: a > b }"><title>A</title>', '<html x-data="{ isOpen: a > b }">'],
    ["<!-- <head> --><html><head><title>A</title>", "<!-- <head> --><html><head>"],
  ])("is in the head of %s", (html, before) => {
    const at = html.indexOf(before) + before.length;
    expect(marked(html)).toBe(html.slice(0, at) + MARK + html.slice(at));
  });

  it("is not put into a header of the text", () => {
    const html = "<html><header>Site</header><p>Words</p>";
    expect(marked(html)).toBe(`<html>${MARK}<header>Site</header><p>Words</p>`);
  });

  it.each([
    "<html><head></head><main>Words</main>",
    "<main>Words</main>",
    "<!-- <head> --><html><head></head><main>Words</main>",
    "<html x-init='() => 1'><main>Words</main>",
  ])("keeps a page out of what reads %s", (html) => {
    expect(pageFacts(html).leftOut).toBeNull();
    expect(pageFacts(marked(html)).leftOut).toBe("noindex");
    expect(scanPage(marked(html)).leftOut).toBe("noindex");
  });
});

import { describe, expect, it } from "vitest";
import { marked } from "../../src/adapters/hidden-mark.ts";
import { pageFacts } from "../../src/html/page-facts.ts";
import { scanPage } from "../../src/html/scan-page.ts";

const MARK = '<meta name="rag" content="false">';

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

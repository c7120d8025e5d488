import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { EleventyConfig, TemplateData } from "../../../src/adapters/eleventy/config.ts";
import { hidePages } from "../../../src/adapters/eleventy/hide-pages.ts";

const MARK = '<meta name="rag" content="false">';

type Hiding = Pick<EleventyConfig, "addPreprocessor" | "addTransform">;

/**
 * What Eleventy does with a page: `read` when it has the data, `write` when it has rendered the HTML; `begin`: it
 * begins a build.
 */
function eleventy() {
  let read: Parameters<Hiding["addPreprocessor"]>[2] = () => undefined;
  let transform: Parameters<Hiding["addTransform"]>[1] = () => undefined;
  const events = new EventEmitter();
  const isHidden = hidePages({
    on: (name, listener) => events.on(name, (event) => listener(event)),
    addPreprocessor: (_name, _extensions, callback) => (read = callback),
    addTransform: (_name, callback) => (transform = callback),
  });
  const write = ({ page }: TemplateData): unknown => transform.call({ page }, "<p>Words</p>");
  return { begin: () => events.emit("eleventy.before"), isHidden, read, write };
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
    const templates = ["./index.md", "./plan.md", "./new.md"];
    expect(templates.map((path) => isHidden("/", path))).toEqual([false, true, false]);
    expect(write(shown)).toBe("<p>Words</p>");
    expect(write(hidden)).toBe(`${MARK}<p>Words</p>`);
  });

  it.each(["eleventyComputed", "buildawesomeComputed"])(
    "is hidden by its own data, not by those of its pagination: %s",
    (key) => {
      const { begin, isHidden, read, write } = eleventy();
      const all: TemplateData = { ...data(), [key]: { title: "Lamps" } };
      read(all);
      expect(all).toMatchObject({ [key]: { title: "Lamps" } });
      const compute = all.eleventyComputed?.page?.isHiddenFromSiterag;
      const page: TemplateData = { ...all, rag: false, page: { ...all.page, url: "/secret/" } };
      page.page.isHiddenFromSiterag = compute?.(page);
      expect(write(page)).toBe(`${MARK}<p>Words</p>`);
      expect(write(all)).toBe("<p>Words</p>");
      const urls = ["/secret/", "/shown/"];
      expect(urls.map((url) => isHidden(url, "./index.md"))).toEqual([true, false]);
      begin();
      expect(isHidden("/secret/", "./index.md")).toBe(false);
    },
  );
});

import { describe, expect, it } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { chunkEmbeddingText } from "../../src/chunking/embedding-input.ts";
import { estimateTokens } from "../../src/chunking/tokens.ts";
import { pageOf } from "./page.ts";

const options = { maxTokens: 128, overlapTokens: 0 };
const prose = "Every build reads the pages and cuts them into chunks. ";

describe("ids and URLs of chunks", () => {
  const body = `Before.\n\n# Top\n\n${prose.repeat(8)}\n\n## Sub\n\n${prose.repeat(20)}`;

  it("name the heading, and number later parts of its section", () => {
    const chunks = chunkPage(pageOf(body), options);
    expect(chunks.map(({ id, url }) => [id, url])).toEqual([
      ["guide/page.md", "/guide/page/"],
      ["guide/page.md#top", "/guide/page/#top"],
      ["guide/page.md#sub", "/guide/page/#sub"],
      ["guide/page.md#sub~2", "/guide/page/#sub"],
      ["guide/page.md#sub~3", "/guide/page/#sub"],
    ]);
    expect(chunks.at(-1)?.headings).toEqual(["Top", "Sub"]);
  });

  it("have the page's URL if headings get no id", () => {
    const chunks = chunkPage(pageOf(body, { slugger: "none" }), options);
    expect(new Set(chunks.map((chunk) => chunk.url))).toEqual(new Set(["/guide/page/"]));
    expect(chunks.map((chunk) => chunk.id)).toContain("guide/page.md#sub~2");
  });

  it("stay unique when authors repeat an id", () => {
    const twice = `## A {#same}\n\n${prose.repeat(8)}\n\n## B {#same}\n\n${prose.repeat(8)}`;
    const ids = chunkPage(pageOf(twice), options).map((chunk) => chunk.id);
    expect(new Set(ids).size).toBe(2);
  });
});

it("has the lines of a tag whose attributes it shows", () => {
  const body = "Before.\n\n<Snippet\n  text={`npm i`}\n  prompt={false}\n/>";
  const [chunk] = chunkPage(pageOf(body, { format: "mdx" }), options);
  expect(chunk).toMatchObject({ text: "Before.\n\nnpm i", startLine: 1, endLine: 6 });
});

describe("titles", () => {
  it.each([
    ["From the host", "# Heading\n\ntext", "From the host"],
    [null, "# Heading\n\ntext", "Heading"],
    [null, "## Earlier\n\ntext\n\n# Heading\n\ntext", "Heading"],
    [null, "<!-- old name -->\n\n## At the top\n\ntext\n\n## Later\n\ntext", "At the top"],
    [null, "text\n\n## Later\n\ntext", "guide/page.md"],
    [null, "text", "guide/page.md"],
  ])("with %j from the host and the body %j are %j", (title, body, expected) => {
    expect(chunkPage(pageOf(body, { title }), options)[0]?.title).toBe(expected);
  });

  it("and trails that would fill the limit are shortened, so chunks stay within it", () => {
    const long = "Very long heading that never seems to end ".repeat(20);
    const body = `# ${long}\n\n## ${long}\n\n### Leaf\n\n${prose.repeat(30)}`;
    const chunks = chunkPage(pageOf(body, { title: long }), options);
    expect(Math.max(...chunks.map((chunk) => chunk.tokens))).toBeLessThanOrEqual(128);
  });
});

describe("a page without text", () => {
  it.each(["", "<StatusBoard />", "<!-- Plans -->"])("such as %j is found by its title", (body) => {
    const chunks = chunkPage(pageOf(body, { title: "Pricing plans" }), options);
    expect(chunks).toMatchObject([
      { id: "guide/page.md", url: "/guide/page/", title: "Pricing plans", text: "# Pricing plans" },
    ]);
  });

  it("stays within the limit, however long its title is", () => {
    const chunks = chunkPage(pageOf("", { title: "Long title ".repeat(500) }), options);
    expect(chunks.map(({ tokens }) => tokens <= options.maxTokens)).toEqual([true]);
  });

  it("and without a title has no chunk", () => {
    expect(chunkPage(pageOf("<StatusBoard />"), options)).toEqual([]);
  });
});

describe("overlap", () => {
  it("repeats whole sentences of the previous part within one section", () => {
    const sentences = Array.from(
      { length: 30 },
      (_, index) => `This is sentence number ${index} of the text.`,
    );
    const chunks = chunkPage(pageOf(`# Top\n\n${sentences.join(" ")}`), {
      maxTokens: 128,
      overlapTokens: 30,
    });
    const repeated = chunks.slice(1).map((chunk, index) => {
      const first = chunk.text.split("\n\n")[0] ?? "";
      return first !== "" && (chunks[index]?.text.endsWith(first) ?? false);
    });
    expect(chunks.length).toBeGreaterThan(2);
    expect(repeated.every(Boolean)).toBe(true);
  });
});

describe("malformed pages", () => {
  it("in MDX are read as Markdown, with a warning that has page and line", () => {
    const warnings: string[] = [];
    const page = pageOf("# Hi\n\na {b", { format: "mdx", bodyLine: 11 });
    const chunks = chunkPage(page, options, (text) => warnings.push(text));
    expect(chunks[0]?.text).toContain("a {b");
    expect(warnings).toEqual([
      expect.stringMatching(/^guide\/page\.md:13: not valid MDX, read as Markdown/),
    ]);
  });

  it("are named in warnings by lines of their file, also where text was included above", () => {
    const warnings: string[] = [];
    const sourceLines = [12, 12, 12, 12, 13, 14];
    for (const body of ["In\n\nclu\n\na {b\n", `In\n\nclu\n\n${"- ".repeat(10_000)}`]) {
      const page = pageOf(body, { format: "mdx", bodyLine: 11, sourceLines });
      chunkPage(page, options, (text) => warnings.push(text));
    }
    expect(warnings.map((warning) => warning.slice(0, 17))).toEqual([
      "guide/page.md:13:",
      "guide/page.md:12:",
      "guide/page.md:12:",
    ]);
  });

  it.each([
    ["quotations", ">".repeat(10_000)],
    ["lists in a line", "- ".repeat(10_000)],
    [
      "lists",
      Array.from({ length: 500 }, (_, depth) => `${" ".repeat(2 * depth)}- item`).join("\n"),
    ],
  ])("with deeply nested %s are read line by line, with a warning", (_, body) => {
    const warnings: string[] = [];
    const chunks = chunkPage(pageOf(`${body} word`), options, (text) => warnings.push(text));
    expect(chunks.at(-1)?.text).toContain("word");
    expect(warnings).toEqual([expect.stringContaining("guide/page.md:1: nested too deeply")]);
  });

  it("with an unclosed $$ keep the headings after it", () => {
    const chunks = chunkPage(
      pageOf(`$$ is the pid\n\n$$\n\n## After\n\n${prose.repeat(20)}`),
      options,
    );
    expect(chunks.map((chunk) => chunk.id)).toContain("guide/page.md#after");
  });

  it("with a NUL show the replacement character", () => {
    expect(chunkPage(pageOf("a\0b"), options)[0]?.text).toBe("a\uFFFDb");
  });
});

it("counts the tokens of its whole text where math begins in one block and ends in another", () => {
  const [chunk] = chunkPage(
    pageOf("<p>\n$$\n</p>\n\n**a** *b* **c** *d*\n\n<p>\n$$\n</p>"),
    options,
  );
  expect(chunk?.text).toBe("$$\n\n**a** *b* **c** *d*\n\n$$");
  expect(chunk?.tokens).toBe(
    estimateTokens(chunkEmbeddingText(chunk ?? { title: "", headings: [], text: "" })),
  );
});

describe("large pages", () => {
  it("with thousands of headings have an anchor for each", () => {
    const body = `## Usage\n\n${prose.repeat(6)}\n\n`.repeat(2000);
    const chunks = chunkPage(pageOf(body), options);
    expect(chunks.at(-1)?.url).toBe("/guide/page/#usage-1999");
    expect(chunks.at(-1)?.startLine).toBe(7997);
  });

  it("are cut where the syntax allows it, so fences, references and lines stay correct", () => {
    const section = "## Part\n\nSee [the docs].\n\n```md\n\n# not a heading\n\n```\n\n";
    const body = `${section.repeat(1500)}[the docs]: https://example.org\n`;
    const chunks = chunkPage(pageOf(body), options);
    const text = chunks.map((chunk) => chunk.text).join("\n\n");
    expect(text.match(/\(https:\/\/example\.org\)/g)?.length).toBe(1500);
    expect(text.match(/^# not a heading$/gm)?.length).toBe(1500);
    expect(chunks.every((chunk) => !chunk.headings.includes("not a heading"))).toBe(true);
  });

  it("of one line are cut between words, and a giant word inside", () => {
    const chunks = chunkPage(pageOf(`${"word ".repeat(100_000)}${"x".repeat(100_000)}`), options);
    expect(
      chunks
        .map((chunk) => chunk.text)
        .join("")
        .replaceAll(/\s/g, "").length,
    ).toBe(500_000);
    expect(Math.max(...chunks.map((chunk) => chunk.tokens))).toBeLessThanOrEqual(128);
  });

  it("are cut again where the escape at a cut ends a code span, whose marks then count", () => {
    const word = (count: number): string => "\u{10000}".repeat(count);
    const body = `\ua000# \`\`\`${word(6)}\u3400\`\`\`${word(5)}\ua000\u0000\ua000${word(2)}`;
    const chunks = chunkPage(pageOf(body), { maxTokens: 48, overlapTokens: 0 });
    expect(Math.max(...chunks.map((chunk) => chunk.tokens))).toBeLessThanOrEqual(48);
  });
});

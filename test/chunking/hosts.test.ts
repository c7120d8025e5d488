import type { Code, Nodes } from "mdast";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { anchorsOf } from "../../src/chunking/anchors.ts";
import { plainOf } from "../../src/chunking/character-references.ts";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { blocksOfPage } from "../../src/chunking/page-blocks.ts";
import { plainText } from "../../src/ranking/plain-text.ts";
import type { Page } from "../../src/words/types.ts";
import { defectsOf } from "./laws/defects.ts";
import { nodesOf, read } from "./laws/reading.ts";
import { pageOf } from "./page.ts";

const HOSTS = {
  astro: { host: "astro", slugger: "github" },
  docusaurus: { host: "docusaurus", slugger: "github", format: "mdx" },
  eleventy: { host: "eleventy", slugger: "eleventy" },
  vitepress: { host: "vitepress", slugger: "vitepress" },
  unknown: { host: null, slugger: "github" },
} as const satisfies Record<string, Partial<Page>>;

const options = { maxTokens: 512, overlapTokens: 0 };

const fixture = (file: string): string =>
  readFileSync(new URL(`../../fixtures/hosts/${file}`, import.meta.url), "utf8");

const chunksOf = (body: string, rest: Partial<Page> = {}) => chunkPage(pageOf(body, rest), options);

const textOf = (body: string, rest: Partial<Page> = {}): string =>
  chunksOf(body, rest)
    .map(({ text }) => text)
    .join("\n\n");

const mdx = { format: "mdx" } as const;

const NOTHING: Nodes = { type: "root", children: [] };
const isCode = (node: Nodes): node is Code => node.type === "code";

it.each([
  ["```mdx-code-block\n<p>One *two*</p>\n```\n\nThree", "One *two*\n\nThree"],
  ["````mdx-code-block\n```js\na\n```\n````\n\nThree", "```js\na\n```\n\nThree"],
  ["```mdx-code-block\n````\n\nThree", "```mdx-code-block\n```\n\nThree"],
])("Docusaurus reads the content of the fence in %j as MDX, if it ends", (body, text) => {
  expect(textOf(body, HOSTS.docusaurus)).toBe(text);
});

describe("a .md page of Docusaurus", () => {
  const warnings: string[] = [];
  const page = pageOf(fixture("docusaurus-md-is-mdx.md"), HOSTS.docusaurus);
  const chunks = chunkPage(page, options, (message) => warnings.push(message));

  it("is read as MDX, comments of both kinds and fences of MDX too", () => {
    expect(warnings).toEqual([]);
    expect(chunks.map(({ text }) => text)).toEqual([
      [
        "The plan costs 40.",
        "Buy it",
        "**Mac**",
        "## On a Mac",
        "Drag the icon.",
        "**Two boats**",
        "## In a fence",
        "Row together.",
      ].join("\n\n"),
    ]);
  });

  it("has anchors for headings inside components", () => {
    const { headings } = blocksOfPage(page, () => {});
    expect(anchorsOf("github", headings)).toEqual(["on-a-mac", "in-a-fence"]);
  });

  it("has an id for each heading but the h1, which counts all the same", () => {
    const prose = "Words of a long section follow here. ".repeat(40);
    const body = `# Usage\n\n${prose}\n\n## Usage\n\n${prose}`;
    const urls = chunkPage(pageOf(body, HOSTS.docusaurus), { ...options, maxTokens: 420 });
    expect(urls.map(({ url }) => url)).toEqual(["/guide/page/", "/guide/page/#usage-1"]);
  });
});

describe("MDX and HTML in a line", () => {
  it("parts words at block tags and leaves no tag behind", () => {
    expect(textOf(fixture("tags-in-lines.mdx"), mdx).split(/\n+/)).toEqual([
      "# Ports",
      "Service Port",
      "Gateway 7443",
      "Metrics 9102",
      "Alpha Bravo",
      "Line one line two.",
      "First para. Second para.",
    ]);
  });

  it("does not part a word at inline tags", () => {
    const body = "Use max<wbr/>Parallel, H<sub>2</sub>O and <Term>API</Term>s.";
    expect(textOf(body, mdx)).toBe("Use maxParallel, H2O and APIs.");
    expect(textOf(body)).toBe("Use maxParallel, H2O and APIs.");
  });

  it("does not part a formula", () => {
    const body = "Then <math><mi>x</mi><mo>=</mo><msub><mi>P</mi><mn>0</mn></msub></math>.";
    expect(textOf(body, mdx)).toBe("Then x=P0.");
    expect(textOf(body)).toBe("Then x=P0.");
  });

  it.each([
    "<p hidden>Secret</p>",
    'A <b aria-hidden="true">Secret</b> word.',
    'A <span class="x sr-only">Secret</span> word.',
    "<div data-pagefind-ignore>\n\nSecret\n\n</div>",
    "A <template>Secret</template> word.",
    "A <svg><title>Secret</title></svg> word.",
    '<div class="x" hidden=""><div>Secret</div> Secret</div>',
    "Shown <span hidden>Secret *secret* <span>Secret</span> Secret</span>",
    "<div hidden>\n\nSecret\n\n<div>\n\nSecret\n\n</div>\n\nSecret\n\n</div>",
  ])("does not show what is hidden: %s", (html) => {
    const body = `${html}\n\nThen.`;
    expect(textOf(body)).not.toMatch(/secret/iu);
    expect(textOf(body, mdx)).not.toMatch(/secret/iu);
    expect(textOf(body)).toMatch(/Then\.$/u);
    expect(textOf(body, mdx)).toMatch(/Then\.$/u);
  });

  it.each([
    '<p hidden="until-found">Found</p>',
    '<div role="tabpanel" hidden>Found</div>',
    '<p class="hidden">Found</p>',
  ])("shows what one click shows: %s", (html) => {
    expect(textOf(html)).toBe("Found");
    expect(textOf(html, mdx)).toBe("Found");
  });

  it("shows what a component or a variable decides about", () => {
    expect(textOf("<Note hidden>Found</Note>", mdx)).toBe("Found");
    expect(textOf("<p hidden={isLate}>Found</p>", mdx)).toBe("Found");
  });

  it("parts components that stand side by side", () => {
    expect(textOf("<Key>Ctrl</Key><Key>C</Key>", mdx)).toBe("Ctrl C");
    expect(textOf("Press <Key>Ctrl</Key><Key>C</Key>.")).toBe("Press Ctrl C.");
  });

  it("keeps titles and labels of components", () => {
    expect(textOf(fixture("labels-in-lines.mdx"), mdx)).toBe(
      "**Mac** Use brew.\n\n**Two boats** Row together.",
    );
  });

  it("keeps what attributes of components show", () => {
    expect(textOf(fixture("component-attributes.mdx"), mdx).split("\n\n")).toEqual([
      "**Ship it** Deploy to a lighthouse",
      "**Two boats** Row together.",
      "New option Experimental for sailors.",
      "Dialog with three anchors",
      "Inline small compass picture.",
      "Harbour at dawn",
      "**Mac** Use brew.",
      "**How deep is the bay?** Nine fathoms",
      "```sh\ntide --height 3\n```",
    ]);
  });

  it.each([
    ["{`$ npm install`}", "$ npm install"],
    ["a {'it\\'s'} b", "a it's b"],
    ["{`# a\\n\\`b\\`\n- c`}", "\\# a `b`\n\\- c"],
    ["a {`${b}`} {'c' + d} e", "a   e"],
    ['<Card title={"$5 \\"off\\""} />', '**$5 "off"**'],
  ])("reads the literal in %j", (body, text) => {
    expect(textOf(body, mdx)).toBe(text);
  });

  it("keeps them in Markdown, too", () => {
    const body = 'New <Badge text="Beta" /> option.\n\n<FAQ question="Deep?" answer="Nine" />';
    expect(plainText(textOf(body))).toBe("New Beta option. Deep? Nine");
  });

  it.each([48, 64, 512])(
    "keeps code in its list where it is less indented, at %i tokens",
    (maxTokens) => {
      const page = pageOf(fixture("uneven-code.mdx"), mdx);
      const chunks = chunkPage(page, { maxTokens, overlapTokens: 0 });
      expect(defectsOf(page, chunks, maxTokens)).toEqual([]);
      const codes = chunks.flatMap(({ text }) => nodesOf(read(text, "md") ?? NOTHING, isCode));
      expect(codes.map(({ value }) => value)).toEqual([
        "first({\na: 1,\n});",
        "second\n  deeper\noutside",
        "third\noutside",
        "fourth();\noutside();",
      ]);
    },
  );

  it("ends a fence in a list where MDX does, however deep its last line is", () => {
    const body = "- a\n\n  ```js\n  b();\n        ```\n\n  c";
    expect(textOf(body, mdx)).toMatch(/^- a\n\n {2}```js\n {2}b\(\);\n {2,5}```\n\n {2}c$/);
  });

  it("keeps what Vue shows of templates: slots and conditions", () => {
    const slots = "<Team>\n  <template #lead>\n    Led from home.\n  </template>\n</Team>";
    const condition =
      '<td>\n<template v-else>Nobody</template><template id="row">Row</template>\n</td>';
    expect(plainText(textOf(`${slots}\n\n${condition}`))).toBe("Led from home. Nobody");
  });

  it.each(["unknown", "vitepress", "eleventy"] as const)(
    "of JSX in pages of %s leaves no tag",
    (host) => {
      const cards = "<Card title=\"Cache\" rows={[{ text: 'await db' }, {}]} />\n</div>";
      const body = `<div style={{ width: '100%' }}>\n${cards}\n\nMore.`;
      expect(plainText(textOf(body, HOSTS[host]))).toBe("Cache More.");
    },
  );

  it("ends with the box around it", () => {
    expect(plainText(textOf("::: raw\n<div>Raw</div>\n:::\n\nNext."))).toBe("Raw Next.");
  });

  it.each([48, 64, 512])("never tears a fence in a list at %i tokens", (maxTokens) => {
    const page = pageOf(fixture("uneven-indentation.mdx"), mdx);
    const chunks = chunkPage(page, { maxTokens, overlapTokens: 0 });
    expect(defectsOf(page, chunks, maxTokens)).toEqual([]);
    expect(textOf(fixture("uneven-indentation.mdx"), mdx)).toContain("second({\n");
  });
});

describe("characters", () => {
  it("are shown for their references, in text and in titles", () => {
    const [chunk] = chunksOf(fixture("character-references.md"));
    expect(chunk?.text.split("\n\n")).toEqual([
      "# Providers",
      "## Q&A with AT&T",
      "Calls from AT&T are free. Price: 5\u00A0€. Café Sol. 1 – 2. Use \\<Button> here. Naïve.",
    ]);
    expect(plainText(chunk?.text ?? "")).toContain("Use <Button> here.");
  });

  it.each([
    ["in code nothing is decoded", "`&amp;`\n\n```\n&lt;\n```", "`&amp;`\n\n```\n&lt;\n```"],
    ["what would be syntax is escaped", "&#42;a&#42; &amp;lt; &lt;b", "\\*a\\* \\&lt; \\<b"],
    ["a reference cannot end a table cell", "|a|\n|-|\n|b&#124;c|", "| a |\n| --- |\n| b\\|c |"],
    ["an escape is no reference", "\\&amp; &unknown;", "\\&amp; &unknown;"],
    ["in HTML, too", "<p>Caf&eacute; &lt;b&gt;</p>", "Café \\<b>"],
    ["in alternative text, too", "![Caf&eacute;](a.png)", "![Café](a.png)"],
    ["an accent of its own joins its letter", "re&#x301;", "r\u00E9"],
  ])("%s", (_what, body, expected) => {
    expect(textOf(body)).toBe(expected);
  });

  it("that show nothing are no part of a word", () => {
    const [chunk] = chunksOf(fixture("invisible-characters.md"));
    expect(chunk?.text.split("\n\n")).toEqual([
      "# Komponenten",
      "## Komponenteneigenschaften",
      "Halte Registerkartengruppen synchron. Lange Donauschifffahrt. Use maxParallelCalls here. Zerowidth joined.",
    ]);
  });

  it("are composed in text and titles, and in ids as they are written", () => {
    const body = fixture("decomposed.md");
    const page = pageOf(body, { title: "Hu\u031Bo\u031B\u0301ng" });
    expect(body.normalize("NFC")).not.toBe(body);
    const [chunk] = chunkPage(page, options);
    expect([chunk?.text, chunk?.title]).toEqual([body.trim().normalize("NFC"), "H\u01B0\u1EDBng"]);
    const anchors = anchorsOf("github", blocksOfPage(page, () => {}).headings);
    expect(anchors).toEqual(["hướng-dẫn", "cài-đặt"].map((anchor) => anchor.normalize("NFD")));
  });
});

/** Ids as VitePress 1.6.4 and Astro 7.3.5 made them. */
const IDS = {
  vitepress:
    "lists views bb cc styled code plain colon multi-a the a-name-b in-code e-x q-q q-amp-a title-link cafe-eacute-x",
  astro:
    "the-verbose-option say-hi--now range-15 a--b--c heading-custom a--b a-b --x--y ab x--y-z heading--id- head-cls he--x qa-b -img café-x-ré 5----6 ---z foo-bar x--y-  t-t ab-1 a--b--c-1 -x--foo",
} as const;

describe("headings", () => {
  it.each(["vitepress", "astro"] as const)("have the ids of %s", (host) => {
    const page = pageOf(fixture(`${host}-headings.md`), HOSTS[host]);
    const anchors = anchorsOf(page.slugger, blocksOfPage(page, () => {}).headings);
    expect(anchors.join(" ").normalize("NFC")).toBe(IDS[host].normalize("NFC"));
  });

  it.each([
    ["vitepress", "## A { #b }", "b", "A"],
    ["vitepress", "## A {.b #c}", "c", "A"],
    ["vitepress", '## A {style="margin: 0"}', "a", "A"],
    ["vitepress", "## `a` {.b}", "a", "a"],
    ["docusaurus", "## A {#b}", "b", "A"],
    ["docusaurus", "## A {/* #b */}", "b", "A"],
    ["unknown", "## A {: #b .c}", "b", "A"],
    ["unknown", "## A {#b .c}", "b", "A"],
    ["unknown", "## A {/*b*/}", "b", "A"],
    ["unknown", "## A {b}", "a-b", "A {b}"],
    ["unknown", "## A `{.b}`", "a-b", "A {.b}"],
    ["astro", "## A {#b}", "a-b", "A {#b}"],
    ["astro", "## A {.b}", "a-b", "A {.b}"],
  ] as const)("of %s: %j has the id %j and the text %j", (host, heading, id, text) => {
    const prose = "Words of a long section follow here. ".repeat(40);
    const [, chunk] = chunksOf(`# T\n\n${prose}\n\n${heading}\n\n${prose}`, HOSTS[host]);
    expect([chunk?.url, chunk?.headings.at(-1)]).toEqual([`/guide/page/#${id}`, text]);
    expect(plainOf(chunk?.text.split("\n")[0] ?? "", true).replaceAll("`", "")).toBe(`## ${text}`);
  });
});

describe("template code", () => {
  it.each([
    ["eleventy", "a {% comment %} hidden `{%` {% endcomment %} b", "a  b"],
    ["eleventy", "a {# hidden\n\n# words #} b", "a\n\nb"],
    ["eleventy", 'a {{ site.name }} {% include "x" %} b', "a   b"],
    ["eleventy", "a {% raw %}{{ kept }}{% endraw %} b", "a {{ kept }} b"],
    ["eleventy", "{% if x %}\nShown\n{% endif %}", "Shown"],
    ["eleventy", "a\n\n{% comment %}\n\n```\nhidden", "a"],
    ["vitepress", "a {{ $frontmatter.title }} b", "a  b"],
    ["vitepress", "a\n\n[[toc]]\n\nb", "a\n\nb"],
    ["vitepress", 'a <Go :to="x" @click="() => y > 1">T</Go> b', "a T b"],
    ["vitepress", "<Box>\n<template #default>\n\nShown\n\n</template>\n</Box>", "Shown"],
    ["vitepress", 'a <Go :to="x > 1" @click="y">T</Go> b', "a T b"],
    ["vitepress", '<Go\n  to="x"\n  @click="\n    y\n  "\n  #default="{ z }"\n>T</Go> b', "T b"],
    ["vitepress", '<Go\n  :to="x"\n  @click="y"\n/>\n\nb', "b"],
    ["vitepress", 'a <Go :[key]="x" v-on:[name]="y">T</Go> b', "a T b"],
    ["vitepress", 'a <Tag text="fix #12" @click="y" /> b', "a  fix #12  b"],
    [
      "vitepress",
      '<Go\n  to="x"\n>\n\n*Shown*\n\n</Go>\n\n> b\n\n<\n> c',
      "*Shown*\n\n> b\n\n<\n\n> c",
    ],
    [
      "vitepress",
      "<Team>\n  <template #title>\n    Crew\n  </template>\n  <template v-if='x'>Mate</template>\n</Team>",
      "Crew\n\nMate",
    ],
    ["vitepress", "<div>\n<template>Hidden</template>\n</div>\n\nb", "b"],
    ["vitepress", "`<Go @click='x'>` <Go @click", "`<Go @click='x'>` <Go @click"],
    ["unknown", "a <Go @click='x' /> b", "a <Go @click='x' /> b"],
    ["vitepress", "::: v-pre\n{{ kept }}\n:::", "{{ kept }}"],
    ["vitepress", "<span v-pre>{{ kept }}</span> {% kept %}", "{{ kept }} {% kept %}"],
    ["unknown", 'a {{< tab "x" >}}b{{< /tab >}} {{/* hidden */}} c', "a b  c"],
    ["unknown", "a {{ site.name }} b {% comment %} hidden {% endcomment %}", "a  b"],
    ["unknown", "## A {#a .b}\n\nkept {C#} {#hidden#}", "## A\n\nkept {C#}"],
    ["unknown", "{% if x %}this{% else %}that{% endif %}s", "this thats"],
    ["astro", "a {{ kept }} {% kept %} b", "a {{ kept }} {% kept %} b"],
  ] as const)("of %s: %j is read as %j", (host, body, expected) => {
    expect(textOf(body, HOSTS[host])).toBe(expected);
  });

  it.each(["eleventy", "vitepress", "unknown"] as const)("of %s stays in code", (host) => {
    const body =
      "`{{ a }}` and `` {% b %} ``\n\n```liquid\n{% c %} {{< d >}} {# e #}\n[[toc]]\n```";
    expect(textOf(body, HOSTS[host])).toBe(body);
    expect(textOf(`${body}\n\n{{ f }}`, HOSTS[host])).toBe(body);
  });

  it("that never ends is text", () => {
    const body = "a {{ b\n\nc {% d\n\ne {# f";
    expect(textOf(body, HOSTS.eleventy)).toBe(body);
  });

  it("in a heading is in the id that VitePress makes, but not in the text", () => {
    const body = "# {{ $frontmatter.title }}\n\nNoon.\n\n## For {{ $x }} only\n\nMore.";
    const page = pageOf(body, { ...HOSTS.vitepress, title: "Readings" });
    expect(textOf(body, HOSTS.vitepress)).toBe("Noon.\n\n## For only\n\nMore.");
    const anchors = anchorsOf("vitepress", blocksOfPage(page, () => {}).headings);
    expect(anchors).toEqual(["frontmatter-title", "for-x-only"]);
    expect(chunkPage(page, options)[0]?.headings).toEqual([]);
  });

  it("keeps the lines of the text behind it", () => {
    const [chunk] = chunksOf("{% comment %}\na\n{% endcomment %}\n\nb", HOSTS.eleventy);
    expect([chunk?.startLine, chunk?.endLine]).toEqual([5, 5]);
  });
});

describe("a page that is not read as its grammar says", () => {
  const DEEP = ">".repeat(10_000);

  it("shows characters for their references, and no comment", () => {
    const body = `${DEEP}\n\n## Q&amp;A &shy;{#q}\n\nCaf&eacute; <!-- hidden\n\nwords --> \`<!-- kept -->\`\n\n~~~\n<!-- &amp; --></b>\n~~~`;
    const page = pageOf(body, HOSTS.vitepress);
    const [chunk] = chunkPage(page, options);
    expect(chunk?.text.split("\n\n").slice(-4)).toEqual([
      "## Q&A",
      "Café",
      "`<!-- kept -->`",
      "~~~\n<!-- &amp; --></b>\n~~~",
    ]);
    expect(chunk?.sections.at(-1)).toMatchObject({ heading: "Q&A", anchor: "q" });
  });

  it.each([
    ["a {/* hidden\n\nwords */} b <c@d.e>", "a\n\nb <c@d.e>"],
    ["a {/* hidden */} `{/* b */}` <c@d.e>", "a  `{/* b */}` <c@d.e>"],
    ["~~~\n{/* a */}\n~~~\n\nb <c@d.e>", "~~~\n{/* a */}\n~~~\n\nb <c@d.e>"],
    ["## A {/* #a */}\n\nb <c@d.e>", "## A\n\nb <c@d.e>"],
    ["a {/* hidden */ d} b <c@d.e> {/* hidden */ } f", "a  d} b <c@d.e>  f"],
  ])("shows no comment of MDX: %j", (body, expected) => {
    expect(textOf(body, HOSTS.docusaurus)).toBe(expected);
  });
});

import { cp, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import type { ContentOptions } from "../../src/content/page-of-file.ts";
import { readPages } from "../support/read-pages.ts";
import { makeSite } from "./site.ts";

async function read(content: ContentOptions) {
  const log: string[] = [];
  const kept: string[] = [];
  const warn = (message: string): void => void log.push(message);
  const pages = await Array.fromAsync(
    readPages(content, {
      warn,
      fail: (_, message) => warn(message),
      tell: () => undefined,
      warnOfAll: (message, each) => {
        warn(message);
        kept.push(...each);
      },
    }),
  );
  return { pages: new Map(pages.map((page) => [page.id, page])), log, kept };
}

/** A site of `fixtures/sites`; the content root is `below` it. */
async function fixture(name: string, options: Partial<ContentOptions> = {}, below = "") {
  const content = await makeSite({}, options);
  await cp(new URL(`../../fixtures/sites/${name}`, import.meta.url), content.root, {
    recursive: true,
  });
  return { ...content, root: join(content.root, below) };
}

const VITEPRESS = { slugger: "vitepress", urlStyle: "html" } as const;

const bodyOf = async (content: ContentOptions, id: string): Promise<string | undefined> =>
  (await read(content)).pages.get(id)?.body;

describe("VitePress", () => {
  it("puts in included text and code, and text that it includes", async () => {
    const content = await fixture("vitepress-parts", VITEPRESS);
    expect(await bodyOf(content, "restore.md")).toMatchInlineSnapshot(`
      "# Restore

      Snapshots are kept for thirty days and then shredded.

      They lie in the vault.



      ## Code

      \`\`\`\`ts
      export const quokka = 1;

        // #region start
        export function start(): void {
          run("\`\`\`");
        }
        // #endregion start
      export const last = 2;
      \`\`\`\`

      After the code.
      "
    `);
  });

  it("takes ranges of lines, regions and sections, as deep in lists as they stand", async () => {
    const content = await fixture("vitepress-parts", VITEPRESS);
    expect(await bodyOf(content, "ranges.md")).toMatchInlineSnapshot(`
      "two
      three
      one
      four


      - List

        \`\`\`\`js [Start it]
        export function start(): void {
          run("\`\`\`");
        }
        \`\`\`\`


      Hammers.

      ### Small tools

      Tweezers.

      Marked.
      "
    `);
  });

  it("gives included text the line of the include", async () => {
    const content = await fixture("vitepress-parts", VITEPRESS);
    const page = (await read(content)).pages.get("restore.md");
    if (page === undefined) throw new Error("The page is missing.");
    const chunks = chunkPage(page, { maxTokens: 24, overlapTokens: 0 });
    const places = chunks.map(({ text, startLine, endLine }) => [
      /snapshots|vault|quokka|last = 2|After/i.exec(text)?.[0],
      startLine,
      endLine,
    ]);
    expect(places.filter(([word]) => word !== undefined)).toEqual([
      ["Snapshots", 1, 3],
      ["vault", 3, 3],
      ["quokka", 5, 7],
      ["last = 2", 7, 7],
      ["After", 9, 9],
    ]);
  });

  it("warns once of each page, keeps a sentence for each file, and takes examples for code", async () => {
    const content = await fixture("vitepress-parts", VITEPRESS);
    const { pages, log, kept } = await read(content);
    expect(pages.get("missing.md")?.body).toMatchInlineSnapshot(`
      "# Missing

      <!--@include: ./parts/gone.md-->



      \`\`\`md
      <!--@include: ./parts/your-part.md-->
      <<< ./your-code.ts
      \`\`\`

      <<<<<<< HEAD
      "
    `);
    expect(log).toMatchInlineSnapshot(`
      [
        "missing.md: 2 files are not included (\`siterag index --json\` lists them). Line 3: ./parts/gone.md is not included: there is no such file; correct the path.",
      ]
    `);
    expect(kept).toMatchInlineSnapshot(`
      [
        "missing.md:3: ./parts/gone.md is not included: there is no such file; correct the path.",
        "missing.md:5: ./snippets is not included: it is not a file; name one.",
      ]
    `);
  });
});

describe("what is included", () => {
  it.each(["draft: true", "rag: false", "published: no", "- broken: [\ndraft: true"])(
    "is nothing of a file with %j, and nothing is said",
    async (line) => {
      const partial = `---\n${line}\n---\nsecret`;
      const files = {
        "a.md": "<!--@include: ./_p.md-->\n\n```md\n<!--@include: ./_p.md{1,9}-->\n```\n",
        "b.mdx": 'import P from "./_p.md";\n\n<P />\n',
        "_p.md": partial,
      };
      const { pages, log } = await read(await makeSite(files));
      expect(pages.get("a.md")?.body).toBe("\n\n```md\n\n```\n");
      expect(pages.get("b.mdx")?.body).toBe('import P from "./_p.md";\n\n\n');
      expect(log).toEqual([]);
    },
  );

  it("ends where files include themselves, however often", async () => {
    const twice = "<!--@include: ./_b.md-->\n".repeat(2);
    const nested = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`_n${n}.md`, `n${n} <!--@include: ./_n${n + 1}.md-->`]),
    );
    const doubling = Object.fromEntries(
      Array.from({ length: 15 }, (_, n) => [
        `_d${n}.md`,
        `d <!--@include: ./_d${n + 1}.md--> <!--@include: ./_d${n + 1}.md-->`,
      ]),
    );
    const end = { "_d15.md": "d" };
    const files = {
      "a.md": twice,
      ...end,
      "_b.md": "b <!--@include: ./a.md-->",
      ...nested,
      ...doubling,
    };
    const pages = { "n.md": "<!--@include: ./_n0.md-->", "d.md": "<!--@include: ./_d0.md-->" };
    const { pages: found, kept } = await read(await makeSite({ ...files, ...pages }));
    expect(found.get("a.md")?.body.match(/b /g)).toHaveLength(2);
    expect(found.get("n.md")?.body.match(/n\d+ /g)).toHaveLength(20);
    expect(found.get("d.md")?.body.match(/d /g)?.length).toBeLessThan(1001);
    expect(kept.filter((one) => !one.startsWith("d.md"))).toMatchInlineSnapshot(`
      [
        "a.md:1: ./a.md in _b.md is not included: it includes itself; remove one of the includes.",
        "a.md:2: ./a.md in _b.md is not included: it includes itself; remove one of the includes.",
        "n.md:1: ./_n20.md in _n19.md is not included: includes are nested more than 20 deep; nest fewer.",
      ]
    `);
    expect(kept.filter((one) => one.startsWith("d.md"))).toEqual([
      expect.stringMatching(/a page includes at most 1000 files; split the page\.$/),
    ]);
  });

  it("is in the repository, where a link counts as lying where it stands", async () => {
    const outside = await makeSite({ "secret.txt": "outside" });
    const content = await makeSite({
      ".git/HEAD": "",
      "package.json": "{}",
      "CHANGES.md": "changes",
      "docs/package.json": "{}",
      "docs/a.md": `<!--@include: ../CHANGES.md-->
<<< ${outside.root}/secret.txt
<!--@include: ./link.txt-->
<!--@include: ../../../../../../../etc/hostname-->`,
    });
    await symlink(join(outside.root, "secret.txt"), join(content.root, "docs/link.txt"));
    const { pages, kept } = await read({ ...content, root: join(content.root, "docs") });
    expect(pages.get("a.md")?.body).toMatchInlineSnapshot(`
      "changes

      outside
      <!--@include: ../../../../../../../etc/hostname-->"
    `);
    expect(kept.map((one) => one.replace(/\S+secret/, "…/secret"))).toMatchInlineSnapshot(`
      [
        "a.md:4: ../../../../../../../etc/hostname is not included: it is outside the repository; move it into the site, or link it there.",
        "a.md:2: …/secret.txt is not included: it is outside the repository; move it into the site, or link it there.",
      ]
    `);
  });

  it("is once in a tag that stands in another's attribute", async () => {
    const files = {
      "a.mdx": 'import A from "./_a.md";\n\n<A icon={<A />} />\n',
      "_a.md": "text",
    };
    const { pages } = await read(await makeSite(files));
    expect(pages.get("a.mdx")?.body).toBe('import A from "./_a.md";\n\n\n\ntext\n\n');
  });

  it("is nothing where code or a comment shows how to import", async () => {
    const body =
      '```js\nimport A from "./_a.md";\n```\n\n{/*\nimport A from "./_a.md";\n*/}\n\n<A />\n';
    const { pages } = await read(await makeSite({ "a.mdx": body, "_a.md": "text" }));
    expect(pages.get("a.mdx")?.body).toBe(body);
  });

  it("is in the hash of the page, also where the file is missing", async () => {
    const content = await makeSite({ "a.md": "<!--@include: ./_p.md-->", "b.md": "b" });
    const hashes = async () =>
      [...(await read(content)).pages.values()].map(({ contentHash }) => contentHash);
    const [missing, other] = await hashes();
    const write = (text: string) => writeFile(join(content.root, "_p.md"), text);
    await write("one");
    const [one] = await hashes();
    await write("two");
    const [two, same] = await hashes();
    expect(new Set([missing, one, two]).size).toBe(3);
    expect(same).toBe(other);
    await write("one");
    expect((await hashes())[0]).toBe(one);
  });

  it("is only what the host of the path style includes", async () => {
    const body = "<!--@include: ./_p.md-->\n\n<<< ./_p.md\n";
    const content = await makeSite({ "a.md": body, "_p.md": "p" }, { pathStyle: "starlight" });
    expect((await read(content)).pages.get("a.md")?.body).toBe(body);
  });

  it("has its total in the log when several pages lack files", async () => {
    const body = "<!--@include: ./gone.md-->";
    const { log } = await read(await makeSite({ "a.md": body, "b.md": `${body}\n${body}` }));
    expect(log).toMatchInlineSnapshot(`
      [
        "a.md:1: ./gone.md is not included: there is no such file; correct the path.",
        "b.md: 2 files are not included (\`siterag index --json\` lists them). Line 1: ./gone.md is not included: there is no such file; correct the path.",
        "In total 3 files are not included in 2 pages; \`siterag index --json\` lists each of them.",
      ]
    `);
  });
});

describe("MDX", () => {
  it("numbers the ids of each partial apart from the page's, as hosts compile each alone", async () => {
    const use = "<A />\n\n- <A />\n\n## Use\n\nEnd.\n";
    const files = {
      "a.mdx": `import A from "./_a.mdx";\n\n## Use\n\nOwn.\n\n${use}`,
      "_a.mdx": "## Use\n\nIt.\n\n### Use\n\nMore.",
    };
    const page = (await read(await makeSite(files))).pages.get("a.mdx");
    if (page === undefined) throw new Error("The page is missing.");
    const [chunk] = chunkPage(page, { maxTokens: 512, overlapTokens: 0 });
    const anchors = chunk?.sections.map(({ anchor, startLine }) => `${startLine} ${anchor}`);
    expect(anchors).toEqual(["3 use", "7 use", "7 use-1", "9 use", "9 use-1", "11 use-1"]);
  });

  it("puts a partial before what stands between its tags", async () => {
    const files = {
      "a.mdx": 'import A from "./_a.mdx";\n\n<A>one</A>\n\n- <A></A>\n\n<A>\ntwo\n</A>\n',
      "_a.mdx": "## Use\n\n```\ncode\n```",
    };
    const page = (await read(await makeSite(files))).pages.get("a.mdx");
    if (page === undefined) throw new Error("The page is missing.");
    const [chunk] = chunkPage(page, { maxTokens: 512, overlapTokens: 0 });
    expect(chunk?.text.split(/\n\s*/)).toEqual(
      ["## Use", "one", "- ## Use", "## Use", "two"].flatMap((line) =>
        line.endsWith("Use") ? [line, "```", "code", "```"] : [line],
      ),
    );
  });

  it("puts in imported partials, and those that they import", async () => {
    const content = await fixture("docusaurus-partials", { pathStyle: "docusaurus" }, "docs");
    const { pages, log } = await read(content);
    expect(pages.get("guide/install.mdx")?.body).toMatchInlineSnapshot(`
      "import Tabs from "@theme/Tabs";
      import Note from "../_shared/_note.mdx";
      import Steps, { toc } from '@site/docs/_shared/_steps.md';

      # Install



      import Deep from "./_deep.mdx";

      Wear a *helmet*. Always a **green** one.


      1. Item

         

         Unpack the crate.

         Call the crane.


      Inline: Wear a *helmet*. Always a **green** one. ends.

      \`<Note />\` and {/* <Note /> */} stay.

      <Tabs>
        

        Wear a *helmet*. Always a **green** one.

      </Tabs>
      "
    `);
    expect(pages.get("guide/plain.md")?.body).toMatchInlineSnapshot(`
      "import Note from "../_shared/_note.mdx";
      import Gone from "./_gone.mdx";



      import Deep from "./_deep.mdx";

      Wear a *helmet*. Always a **green** one.


      <Gone />
      "
    `);
    expect(log).toMatchInlineSnapshot(`
      [
        "guide/plain.md:6: ./_gone.mdx is not included: there is no such file; correct the path.",
      ]
    `);
  });
});

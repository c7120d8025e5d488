import { expect, test } from "vitest";
import { textIn } from "../../src/html/elements.ts";
import { parseHtml } from "../../src/html/parse-html.ts";
import { isOut } from "../../src/html/what-is-out.ts";

const shown = (html: string): string =>
  textIn(parseHtml(`<body>${html}`), isOut)
    .replace(/\s+/g, " ")
    .trim();

test.each([
  ["a script", "<script>secret</script>"],
  ["a template", "<template><p>secret</p></template>"],
  ["a comment", "<!-- secret -->"],
  ["a hidden element", "<p hidden>secret</p>"],
  ["a hidden element with a value", '<p hidden="hidden">secret</p>'],
  ["an element without display", '<p style="color: red; display: none">secret</p>'],
  ["an invisible element", '<p style="VISIBILITY:hidden">secret</p>'],
  ["what screen readers skip", '<p aria-hidden="true">secret</p>'],
  ["what screen readers alone read", '<p class="sr-only">secret</p>'],
  ["a closed dialog", "<dialog>secret</dialog>"],
  ["what Pagefind ignores", "<p data-pagefind-ignore>secret</p>"],
  ["what Pagefind ignores in all ways", '<p data-pagefind-ignore="all">secret</p>'],
  ["what MkDocs excludes", "<p data-search-exclude>secret</p>"],
  ["navigation by role", '<div role="navigation">secret</div>'],
  ["a button", "<button>secret</button>"],
  ["a sign that links to its heading", '<a href="#x">¶</a>'],
  ["a way back from a footnote", '<a href="#x" class="data-footnote-backref">secret</a>'],
  ["a way back that is a number", '<a href="#x" class="fn-backref">[1]</a>'],
  ["the fallback of a video", "<video>secret</video>"],
])("%s is out", (_what, html) => {
  expect(shown(`before ${html} after`)).toBe("before after");
});

test.each([
  ["a hidden tab panel", '<div role="tabpanel" hidden>shown</div>'],
  ["a tab panel without display", '<div role="tabpanel" style="display:none">shown</div>'],
  ["what a search in the page finds", '<div hidden="until-found">shown</div>'],
  ["a tab that is a button", '<button role="tab">shown</button>'],
  ["the title of an accordion", "<h3><button>shown</button></h3>"],
  ["an open dialog", "<dialog open>shown</dialog>"],
  ["details", "<details><summary>shown</summary></details>"],
  ["a link to a place of the page", '<a href="#x">shown</a>'],
  ["the number of a footnote", '<a href="#fn:1">1</a>'],
  ["the label of a citation", '<a href="#x" role="doc-backlink">shown</a>'],
  ["the label of a citation of older Sphinx", '<a href="#x" class="fn-backref">shown</a>'],
  ["what is hidden from nobody", '<p aria-hidden="false">shown</p>'],
  ["a style that hides nothing", '<p style="display: block">shown</p>'],
  ["the title of an aside", '<p class="starlight-aside__title" aria-hidden="true">shown</p>'],
  ["a file tree", "<starlight-file-tree data-pagefind-ignore>shown</starlight-file-tree>"],
  ["text in a class that code has for its button", '<div class="copy">shown</div>'],
  ["a class that only begins so", '<p class="language copyright lang-js">shown</p>'],
])("%s is not out", (_what, html) => {
  expect(shown(`before ${html} after`)).toMatch(/^before (?:shown|1) after$/);
});

test("a button beside the words of a heading is out", () => {
  expect(shown("<h3>Title <button>Copy link</button></h3>")).toBe("Title");
});

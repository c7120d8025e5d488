import { describe, expect, test } from "vitest";
import { stableHtml } from "../../src/html/stable-html.ts";

const page = (head: string, body: string): string =>
  `<html><head>${head}</head><body>${body}<main><p>Text.</p></main></body></html>`;

const PLAIN = stableHtml(page("", ""));

describe("what changes with every build, or is no text of the page, does not count", () => {
  test.each([
    ["a comment", "<!-- built at noon <nav> -->"],
    ["a link to a style", '<link rel="stylesheet" href="/a.BQ2f.css" title=">">'],
    ["a policy", `<meta http-equiv="content-security-policy" content="script-src 'x'">`],
    ["a policy in capitals", '<meta http-equiv="Content-Security-Policy" content="x">'],
  ])("%s", (_name, head) => {
    expect(stableHtml(page(head, ""))).toBe(PLAIN);
  });

  test.each([
    ["a script", "<script src=x>'<nav>'</script>", "<script></script>"],
    ["a style", "<STYLE>p { color: red }</STYLE>", "<style></style>"],
    ["a drawing", '<svg viewBox="0 0 1 1"><title>x</title></svg>', "<svg></svg>"],
    ["navigation", '<nav class="top"><nav>in it</nav> <a href="/">Home</a></nav>', "<nav></nav>"],
  ])("the inside of %s: the words around it stay apart", (_name, body, left) => {
    expect(stableHtml(page("", `one${body}two`))).toBe(page("", `one${left}two`));
  });

  test("the name of an asset, and a nonce", () => {
    const island = (hash: string): string =>
      page("", `<astro-island component-url="/_astro/tabs.${hash}.js?v=${hash}" nonce="${hash}">`);
    expect(stableHtml(island("BQ2f"))).toBe(stableHtml(island("Cx9_")));
  });
});

test("how a highlighter has cut code into spans of colours does not count, and the line's own span does", () => {
  const code = (tokens: string): string =>
    page("", `<pre><code><span class="line">${tokens}</span></code></pre><p id="end">Text</p>`);
  const whole = code('<span style="--shiki-light:#24292E">const lamp = open()</span>');
  const cut = code(
    '<span style="--shiki-light:#D73A49"><span>const</span></span><span style="color:#24292E"> lamp = open()</span>',
  );
  expect(stableHtml(cut)).toBe(stableHtml(whole));
  expect(stableHtml(whole)).toBe(code("const lamp = open()"));
  expect(stableHtml(code("const lamp = <span hidden>open()</span>"))).toContain(
    "<span hidden>open()</span>",
  );
});

describe("everything else counts", () => {
  test.each([
    ["text", page("", "<p>More.</p>")],
    ["an id", page("", "").replace("<p>", '<p id="a">')],
    ["the canonical address", page('<link rel="canonical" href="https://a.example/">', "")],
    ["text that ends in a quoted name of a script", page("", '<p>Run "a.js"</p>')],
    ["text behind navigation that never ends", page("", "<nav>Home <p>More.</p>")],
    ["the names of tabs", page("", '<nav role="tablist"><button role=tab>npm</button></nav>')],
    ["signs", page("", "a < b <> c <1>")],
  ])("%s", (_name, html) => {
    expect(stableHtml(html)).not.toBe(PLAIN);
    expect(stableHtml(html)).toBe(html);
  });
});

const htmlOf = (body: string): string =>
  `<html><head><title>T</title></head><body>${body}</body></html>`;

test.each([
  ["another script", "<script>old()</script>", "<SCRIPT src=/new.js></SCRIPT>"],
  ["another style", "<style>p > a {}</style>", "<style nonce=x></style>"],
  ["another comment", "<!-- old <main> -->", "<!-- new -->"],
  ["another icon", '<link rel="icon" href="/a.svg">', '<link rel="icon" href="/b.svg">'],
  ["more navigation", "<nav><nav>a</nav></nav>", "<nav><a href='/b'>b</a> c</nav>"],
  ["another drawing", "<svg><svg/>a</svg>", "<svg><path/></svg>"],
  [
    "a script of another name",
    '<astro-island component-url="/_astro/T.A1.js">x</astro-island>',
    '<astro-island component-url="/_astro/T.B2.js?v=3">x</astro-island>',
  ],
  ["another nonce", '<p nonce="a">x</p>', '<p nonce="b">x</p>'],
  ["another hash of a file", '<p integrity="sha384-a">x</p>', "<p integrity=sha384-b>x</p>"],
  [
    "other colours of code",
    '<span style="--shiki-light:#6A737D;--shiki-dark:#6A737D;">x</span>',
    '<span style="--shiki-light:#24292E">x</span>',
  ],
  [
    "other ties of tabs",
    '<input type="radio" name="group-a1" id="tab-b2" checked><label data-title="npm" for="tab-b2">npm</label>',
    '<input type="radio" name="group-c3" id="tab-d4" checked><label data-title="npm" for="tab-d4">npm</label>',
  ],
  [
    "other rules for scripts",
    `<meta http-equiv="content-security-policy" content="script-src 'sha256-a'">`,
    `<meta http-equiv="Content-Security-Policy" content="script-src 'sha256-b'">`,
  ],
])("%s changes nothing that counts", (_what, before, after) => {
  const [one, other] = [htmlOf(before), htmlOf(after)].map(stableHtml);
  expect(one).toBe(other);
  expect(one).toContain("<title>T</title>");
});

test.each([
  ["another word", "<p>old</p>", "<p>new</p>"],
  ["another address of a link", '<a href="/old/">x</a>', '<a href="/new/">x</a>'],
  ["another picture", '<img src="/a.svg" alt="">', '<img src="/b.svg" alt="">'],
  ["another script behind a link", '<a href="/old.js">x</a>', '<a href="/new.js">x</a>'],
  ["another title of code", '<pre title="old.js">x</pre>', '<pre title="new.js">x</pre>'],
  [
    "another text of a picture",
    '<img src="/a.svg" alt="old.css">',
    '<img src="/a.svg" alt="new.css">',
  ],
  ["another canonical address", '<link rel=canonical href="/a">', '<link rel=canonical href="/b">'],
  ["an attribute that hides", "<p>x</p>", "<p hidden>x</p>"],
  [
    "a style that hides",
    '<p style="color: red">x</p>',
    '<p style="color: red; display: none">x</p>',
  ],
  ["an id of a field for search", '<input name="q">', '<input name="name">'],
  ["a name of a script in text", '<code>src="old.js"</code>', '<code>src="new.js"</code>'],
  ["a word of a nonce in text", "<p>a nonce=a</p>", "<p>a nonce=b</p>"],
  ["a word behind navigation that does not end", "<nav>x <p>old</p>", "<nav>x <p>new</p>"],
  ["a word behind the end of no navigation", "<p>old</p></nav>", "<p>new</p></nav>"],
  [
    "a word behind tags in an attribute",
    '<i data-code="<nav><script>"></i><p>old</p><nav></nav>',
    '<i data-code="<nav><script>"></i><p>new</p><nav></nav>',
  ],
  ["a word behind a script in capitals", "<SCRIPT></SCRIPT>old", "<SCRIPT></SCRIPT>new"],
  ["a word behind a comment in a script", "<script><!--</script>old", "<script><!--</script>new"],
  [
    "a word in an element with a longer name",
    "<navigation>old</navigation>",
    "<navigation>new</navigation>",
  ],
])("%s counts", (_what, before, after) => {
  expect(stableHtml(htmlOf(before))).not.toBe(stableHtml(htmlOf(after)));
});

test("a page of many quotes and signs takes linear time", () => {
  for (const sign of ["<", '<a "', "<nav ", "<!--", "<script>", "<a b='", '="', "<p a=\"b'"]) {
    expect(stableHtml(sign.repeat(100_000)).length).toBeLessThan(1_000_000);
  }
}, 20_000);

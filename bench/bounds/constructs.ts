/** Characters of each page. */
const SIZE = 1_000_000;

/** Repeats a text, which may depend on its number, up to the size. */
function filled(text: string | ((index: number) => string), size = SIZE): string {
  const parts: string[] = [];
  for (let length = 0, index = 0; length < size; index += 1) {
    const part = typeof text === "string" ? text : text(index);
    parts.push(part);
    length += part.length;
  }
  return parts.join("").slice(0, size);
}

const SENTENCE = "The build reads each page once and then writes what has changed. ";
const PARAGRAPH = `${SENTENCE.repeat(8)}\n\n`;

/** Plain prose: the measure of all others. */
export const PROSE: string = filled(PARAGRAPH);

/** A page of one size for each construct that a page can overdo, by name; `.mdx` is read as MDX. */
export const CONSTRUCTS: Readonly<Record<string, () => string>> = {
  "heading of 64 KB": () => `# ${"word ".repeat(13_000)}\n\n${PROSE}`.slice(0, SIZE),
  "heading of 64 KB without spaces": () => `# ${"x".repeat(64_000)}\n\n${PROSE}`.slice(0, SIZE),
  "heading of 1 MB": () => `# ${filled("word ")}`,
  "heading of 1 MB with signs": () => `# ${filled("a-!{#[ ")}`,
  "heading of 64 KB above 100 others": () =>
    `# ${"word ".repeat(13_000)}\n\n${filled((index) => `## Part ${index}\n\n${SENTENCE.repeat(150)}\n\n`)}`.slice(
      0,
      SIZE,
    ),
  "50,000 frontmatter keys": () =>
    `---\n${filled((index) => `key${index}: value ${index}\n`)}\n---\n${SENTENCE}`,
  "50,000 TOML keys": () =>
    `+++\n${filled((index) => `key${index} = "value ${index}"\n`)}\n+++\n${SENTENCE}`,
  "frontmatter list": () =>
    `---\ntags:\n${filled((index) => `  - tag ${index}\n`)}\n---\n${SENTENCE}`,
  "frontmatter without an end": () => `---\n${filled((index) => `key${index}: value\n`)}`,
  "broken frontmatter": () =>
    `---\n${filled((index) => `key${index}: [value\n`)}\n---\n${SENTENCE}`,
  "frontmatter of one line": () => `---\ntitle: ${filled("word ")}\n---\n${SENTENCE}`,
  "50,000 headings": () => filled((index) => `## Part ${index}\n\n`),
  "equal headings": () => filled("## Part\n\n"),
  "equal headings with text": () => filled("## Part\n\nSome text.\n\n"),
  "numbered equal headings": () =>
    filled((index) => `## Part${index % 2 === 0 ? "" : ` ${index}`}\n\nText\n\n`),
  "headings without text below one": () => `# Top\n\n${filled("## \n\n")}`,
  "headings of six depths": () =>
    filled((index) => `${"#".repeat((index % 6) + 1)} Part ${index}\n\nSome text.\n\n`),
  "falling headings": () =>
    filled((index) => `${"#".repeat(6 - (index % 6))} Part ${index}\n\nText.\n\n`),
  "underlined headings": () => filled("Part\n===\n\nText\n\n"),
  "deep list": () => filled((index) => `${"  ".repeat(index % 50)}- item ${index}\n`),
  "deepest list": () => filled((index) => `${" ".repeat(2 * index)}- item\n`),
  list: () => filled((index) => `- item ${index}\n`),
  "list of one item": () => `- ${filled(`${SENTENCE}\n  `)}`,
  "list item with 1,000 paragraphs": () => `- ${filled(`${SENTENCE.repeat(4)}\n\n  `)}`,
  tasks: () => filled((index) => `- [ ] item ${index}\n`),
  "numbered list": () => filled((index) => `${index}. item\n`),
  "deep quote": () => filled((index) => `${"> ".repeat((index % 40) + 1)}word\n`),
  "deepest quote": () => filled((index) => `${">".repeat(index)} word\n`),
  quote: () => filled(`> ${SENTENCE}\n`),
  "quote of one line": () => `> ${filled(SENTENCE)}`,
  "line of quote signs": () => filled(">"),
  containers: () => filled((index) => `::: tip Title ${index}\n${SENTENCE}\n:::\n`),
  "deep containers": () => `${filled(":::: tip\n", SIZE / 2)}${filled("::::\n", SIZE / 2)}`,
  "line of colons": () => filled(":"),
  "container titles of brackets": () => filled("::: tip [a{b}\n"),
  "container title of 1 MB": () => `::: tip ${filled("a{ ")}\n`,
  "one line": () => filled(SENTENCE),
  "one line without sentences": () => filled("word "),
  "one word": () => filled("x"),
  "one line of full stops": () => filled("."),
  "one line of question marks": () => filled("?! "),
  "line ends in full stops": () => filled("a.\n"),
  digits: () => filled("1"),
  "lines of digits": () => filled("12345678 \n"),
  signs: () => filled("*_~`[]()<>{}!#"),
  asterisks: () => filled("*"),
  "asterisks and letters": () => filled("*a "),
  "double asterisks": () => filled("**a "),
  underscores: () => filled("_a_"),
  tildes: () => filled("~~a "),
  backslashes: () => filled("\\"),
  "backslashes and pipes": () => filled("\\|"),
  "table row of 1 MB": () => `| A | B |\n|---|---|\n| ${filled("word ")} | x |\n`,
  "table row without end": () => `| A | B |\n|---|---|\n| ${filled("a\\")}`,
  "1,000 columns": () => {
    const row = `|${" a |".repeat(1000)}\n`;
    return filled((index) => (index === 1 ? `|${"---|".repeat(1000)}\n` : row));
  },
  "100,000 columns": () =>
    `|${" a |".repeat(100_000)}\n|${"---|".repeat(100_000)}\n|${" b |".repeat(50_000)}\n`,
  "long row of many columns": () =>
    `|${" a |".repeat(100)}\n|${"---|".repeat(100)}\n|${filled(`${"word ".repeat(2000)}|`)}\n`,
  "long rows of 50 columns": () =>
    `|${" a |".repeat(50)}\n|${"---|".repeat(50)}\n${filled(`|${" some words here |".repeat(50)}\n`)}`,
  "excess cells": () => `| A | B |\n|---|---|\n${filled(`|${"c |".repeat(2000)}\n`)}`,
  "table of 50,000 rows": () => `| A | B |\n|---|---|\n${filled((index) => `| a | ${index} |\n`)}`,
  tables: () => filled("| A | B |\n|---|---|\n| a | b |\n\n"),
  pipes: () => filled("|"),
  "lines of pipes": () => filled("|\n"),
  "delimiter row of 1 MB": () => `| a |\n|${filled(" - |")}x\n`,
  "delimiter rows": () => filled("a|b\n|:-: |:-: |:-: x\n"),
  links: () => filled("[a](b) "),
  "links without end": () => filled("[a](b "),
  "opening brackets": () => filled("["),
  "closing brackets": () => filled("]"),
  "nested brackets": () => `${filled("[", SIZE / 2)}${filled("]", SIZE / 2)}`,
  "brackets and text": () => filled("[a "),
  images: () => filled("![a](b.png) "),
  "image data": () => `![a](data:image/png;base64,${filled("QUJD")})`,
  references: () =>
    `${filled((index) => `[a ${index}][r${index % 1000}]\n\n`, SIZE - 20_000)}\n${Array.from({ length: 1000 }, (_, index) => `[r${index}]: /page/${index}\n`).join("")}`,
  definitions: () => filled((index) => `[r${index}]: /page/${index}\n`),
  "references and definitions": () =>
    `${filled((index) => `[a][r${index}] `, SIZE / 2)}\n\n${filled((index) => `[r${index}]: /p/${index}\n`, SIZE / 2)}`,
  "references and definitions in paragraphs": () =>
    filled((index) => `See [it][r${index}] there.\n\n[r${index}]: /p/${index}\n\n`),
  "references to one long definition": () =>
    `${filled("See [it][r] there.\n\n", SIZE / 2)}[r]: /${filled("x", SIZE / 2)}\n`,
  footnotes: () => filled((index) => `Text[^${index}].\n\n[^${index}]: Note.\n\n`),
  addresses: () => filled("<https://example.org/a> "),
  "opening tags": () => filled("<b>"),
  "tags in text": () => filled("a <b>b</b> "),
  "tags without end": () => filled("<a "),
  "less-than signs": () => filled("<"),
  "lines of less-than signs": () => filled("<\n"),
  "HTML block": () => `<div>\n${filled("<p>word</p>\n")}</div>\n`,
  "HTML block of opening tags": () => `<div>\n${filled("<p ")}`,
  "HTML attributes without end": () => `<div>\n<a ${filled('b="c" ')}`,
  "HTML attributes of names": () => `<div>\n<a${filled(" b")}`,
  "HTML attributes in quotes": () => `<div>\n${filled('<a b="')}`,
  "HTML attributes in braces": () => `<div>\n${filled("<a {b} {")}`,
  "HTML spaces in tags": () => `<div>\n${filled(`<a${" ".repeat(1000)}`)}`,
  "HTML space in a tag": () => `<div>\n<a${filled(" ")}`,
  "HTML spaces before signs of equality": () => `<div>\n<a ${filled("b      ")}`,
  "HTML tag of 1 MB": () => `<div ${filled('class="word" ')}>text</div>\n`,
  "HTML headings": () => `<div>\n${filled("<h2>Part</h2>\n")}</div>\n`,
  "HTML headings without end": () => `<div>\n${filled("<h2>Part\n")}</div>\n`,
  "HTML headings of spaces": () => `<div>\n${filled("<h2 ")}`,
  "HTML headings in a list": () => `- <div>\n${filled("  <h2>Part</h2>\n")}`,
  scripts: () => `<div>\n${filled("<script>a</script>\n")}</div>\n`,
  "scripts without end": () => `<div>\n${filled("<script>\n")}`,
  "styles in turn without end": () => `<div>\n${filled("<style><svg><template>\n")}`,
  comments: () => filled("<!-- a -->\n"),
  "comments without end": () => filled("<!-- a\n"),
  "comments in HTML without end": () => `<div>\n${filled("<!-")}${filled("<!--")}`,
  instructions: () => `<div>\n${filled("<? a\n")}`,
  declarations: () => `<div>\n${filled("<!A ")}`,
  CDATA: () => `<div>\n${filled("<![CDATA[ ")}`,
  details: () => filled(`<details>\n<summary>More</summary>\n\n${SENTENCE}\n\n</details>\n\n`),
  "heading attributes": () => filled((index) => `## Part {#id-${index} .class}\n\nText\n\n`),
  "heading of opening braces": () => `# a ${filled("{#")}\n`,
  "heading of braces": () => `# a ${filled("{#a} ")}b\n`,
  "heading of attributes": () => `# a ${filled(" {#a b")}\n`,
  "heading of spaces": () => `# a${filled(" ")}b\n`,
  "heading of comments": () => `# a ${filled("{/* #a ")}\n`,
  "heading of shortcodes": () => `# ${filled(":a :")}\n`,
  fences: () => filled("```js\ncode()\n```\n\n"),
  "fences without end": () =>
    filled((index) => `${index % 2 === 0 ? "````" : "~~~~"}js ${index}\ncode\n`),
  "fence of 1 MB": () => `\`\`\`js\n${filled("const a = 1;\n")}\`\`\`\n`,
  "fence of one line": () => `\`\`\`js\n${filled("const a = 1; ")}\n\`\`\`\n`,
  "fence of one word": () => `\`\`\`js\n${filled("x")}\n\`\`\`\n`,
  "fence of empty lines": () => `\`\`\`js\na\n${filled("\n")}b\n\`\`\`\n`,
  "fence of spaces": () => `\`\`\`js\na\n${filled(" ")}b\n\`\`\`\n`,
  "fence of fences": () => `\`\`\`\`js\n${filled("```\n")}\`\`\`\`\n`,
  "fence of a long mark": () =>
    `${"`".repeat(SIZE / 10)}\n${filled("some code\n", (SIZE / 10) * 8)}\n${"`".repeat(SIZE / 10)}\n`,
  "fence around a line of backticks": () =>
    `${"~".repeat(4)}\n${filled("some code\n", SIZE / 2)}${"~".repeat(3)} ${"`".repeat(SIZE / 2)}\n~~~~\n`,
  "fences that grow": () => filled((index) => `${"`".repeat(3 + index)}\n`),
  "fence with a long info": () => `\`\`\`${filled("js ")}\ncode\n\`\`\`\n`,
  backticks: () => filled("`"),
  "backticks and letters": () => filled("`a"),
  "runs of backticks": () => filled((index) => `${"`".repeat((index % 500) + 1)} a `),
  "indented code": () => filled("    code();\n"),
  dollars: () => filled("$$\na\n"),
  "dollars in text": () => filled("$$a "),
  "math of 1 MB": () => `$$\n${filled("a + b\n")}$$\n`,
  "empty lines": () => `a\n${filled("\n")}b\n`,
  "lines of spaces": () => `a\n${filled("    \n")}b\n`,
  spaces: () => `a${filled(" ")}b`,
  tabs: () => `a${filled("\t")}b`,
  "lines of one letter": () => filled("a\n"),
  "paragraphs of one letter": () => filled("a\n\n"),
  "carriage returns": () => filled("a\r\n\r\n"),
  "import lines": () => filled('import a from "b"\n'),
  "import without end": () => `import ${filled("a, ")}`,
  "import of spaces": () => `import a from "b"\nimport {${filled(" ")}`,
  "thematic breaks": () => filled("---\n\n"),
  "line of hyphens": () => `a ${filled("-")} b`,
  emoji: () => filled("😀"),
  "emoji in words": () => filled("😀 a "),
  Chinese: () => filled("构建会读取每个页面一次然后写入已更改的内容。"),
  "Chinese without full stops": () => filled("构建会读取每个页面一次然后写入已更改的内容"),
  "Chinese paragraphs": () => filled(`${"构建会读取每个页面一次。".repeat(30)}\n\n`),
  Thai: () => filled("การสร้างอ่านแต่ละหน้า"),
  "combining marks": () => filled("e\u0301"),
  "marks without letters": () => filled("\u0301"),
  NUL: () => filled("\0"),
  entities: () => filled("&amp;"),
  "lone ampersands": () => filled("&"),
  "nested components.mdx": () =>
    `${"<A>\n\n".repeat(50)}${filled(`${SENTENCE}\n\n`, SIZE - 2000)}${"\n\n</A>".repeat(50)}`,
  "components.mdx": () =>
    filled(`<Note title="a">\n\n${SENTENCE}\n\n</Note>\n\n`, SIZE - 100).replace(
      /<Note[^]{0,90}$/,
      "",
    ),
  "indented components.mdx": () =>
    filled(`<A>\n  <B>\n    ${SENTENCE}\n  </B>\n</A>\n\n`, SIZE - 100).replace(
      /<A>(?![^]*<\/A>)[^]*$/,
      "",
    ),
  "one component.mdx": () => `<A>\n${filled(`  ${SENTENCE}\n`, SIZE - 50)}\n</A>\n`,
  "components in text.mdx": () =>
    filled("word <A>b</A> ", SIZE - 20).replace(/<[^>]*$|<A>b(<\/?)?$/, ""),
  "nested components in text.mdx": () =>
    `${filled(`${"<A>".repeat(40)}b${"</A>".repeat(40)}\n\n`, SIZE - 400).replace(/\n\n[^\n]*$/, "")}\n`,
  "expressions.mdx": () => filled('{" "} a ', SIZE - 10).replace(/\{[^}]*$/, ""),
  "expression of 1 MB.mdx": () => `a {"${filled("b ", SIZE - 20)}"}\n`,
  "expression of quotes.mdx": () => `a {${filled('"" + ', SIZE - 20)}""}\n`,
  "tags without end.mdx": () => filled("<A>\n\n"),
  "braces.mdx": () => filled("{"),
  "heading ids.mdx": () => filled((index) => `## Part {#p-${index}}\n\nText\n\n`, SIZE - 10),
  "opening braces at line ends.mdx": () => filled("{#a"),
  "components in one line.mdx": () => filled("<A/>", SIZE - 4),
  "components in one line of a list.mdx": () => `- ${filled("<A/>", SIZE - 4)}`,
  "list in a component.mdx": () => `<A>\n\n${filled("- item\n", SIZE - 50)}\n\n</A>\n`,
};

import { expect, test } from "vitest";
import { indexSite } from "../../src/indexing/index-site.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";

const TEXT = `---
title: Apples
---

Apples grow on trees.

## Store them

\`\`\`sh
store --cool \\
  apples
\`\`\`

| what | how |
| ---- | --- |
| pear | dry |
`;
const withReturns = (text: string): string => text.replaceAll("\n", "\r\n");

test("a checkout with the line ends of Windows has the same rows, and costs nothing", async () => {
  const site = await docsSite({ "guide/apples.md": TEXT });
  await indexSite({ config: site.config });
  const before = await rowsOf(site.config);
  await site.write("guide/apples.md", withReturns(TEXT));
  expect(await indexSite({ config: site.config })).toMatchObject({
    chunks: { added: 0, moved: 0, deleted: 0, reused: before.size },
    usage: { texts: 0 },
    warnings: [],
  });
  expect(await rowsOf(site.config)).toEqual(before);
});

test("a built site with the line ends of Windows does, too", async () => {
  const html = "<main><h1>Apples</h1>\n<p>Apples\ngrow.</p>\n<pre>a\nb\n</pre></main>";
  const site = await docsSite({ "apples.html": html });
  const { content } = site.config;
  const config = {
    ...site.config,
    content: { ...content, from: "html", site: content.root },
  } as const;
  await indexSite({ config });
  const before = await rowsOf(config);
  await site.write("apples.html", withReturns(html));
  expect(await indexSite({ config })).toMatchObject({
    chunks: { added: 0, reused: 1 },
    usage: { texts: 0 },
  });
  expect(await rowsOf(config)).toEqual(before);
});

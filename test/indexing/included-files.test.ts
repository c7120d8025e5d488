import { expect, it } from "vitest";
import { MockGeminiClient } from "../../src/providers/mock/mock-gemini-client.ts";
import { indexSite } from "../../src/indexing/index-site.ts";
import { docsSite, rowsOf } from "../support/docs-site.ts";

it("reads the pages again that include an edited file, and no other", async () => {
  const site = await docsSite({
    "backup.md": "# Backup\n\n<!--@include: ./parts/_days.md-->\n",
    "other.md": "# Other\n\nNothing is included.\n",
    "parts/_days.md": "Kept for thirty days.",
  });
  await indexSite({ config: site.config });
  await site.write("parts/_days.md", "Kept for sixty days.");
  const client = new MockGeminiClient();
  const report = await indexSite({ config: site.config, client });
  expect(report.chunks).toMatchObject({ added: 1, reused: 1 });
  expect([...client.calls, ...client.jobs].flat()).toHaveLength(1);
  expect((await rowsOf(site.config)).get("backup.md")?.text).toContain("sixty days");
});

it.each(["docs/parts/code.ts", "docs/parts/_gone.md", "parts/page.md"])(
  "reads the pages again that include the listed file %s, and no other",
  async (listed) => {
    const includes = "<!--@include: ./parts/_days.md-->\n\n<<< ./parts/code.ts\n\n";
    const site = await docsSite({
      "backup.md": `# Backup\n\n${includes}<!--@include: ./parts/_gone.md-->\n`,
      "more.md": "# More\n\n<!--@include: ./parts/page.md-->\n",
      "other.md": "# Other\n\nNothing is included.\n",
      "parts/_days.md": "Kept for thirty days.",
      "parts/code.ts": "run();",
      "parts/page.md": "A page of its own.",
    });
    await indexSite({ config: site.config });
    await site.write("other.md", "Not listed.");
    await site.write(listed.replace("docs/", ""), "Kept for sixty days.");
    const { chunks, pages } = await indexSite({ config: site.config, only: [listed] });
    expect(chunks.total).toBe(pages);
    const rows = await rowsOf(site.config);
    expect(rows.get("other.md")?.text).toContain("Nothing");
    const includer = listed.endsWith("page.md") ? "more.md" : "backup.md";
    expect(rows.get(includer)?.text).toContain("sixty days");
  },
);

it("reports every file that is missing, and logs one line for each page", async () => {
  const missing = "<!--@include: ./gone.md-->\n\n<<< ./gone.ts\n";
  const site = await docsSite({ "a.md": `# A\n\n${missing}`, "b.md": "# B\n" });
  const log: string[] = [];
  const logger = { info: () => undefined, warn: (message: string) => void log.push(message) };
  const { warnings } = await indexSite({ config: site.config, logger });
  expect(warnings).toHaveLength(2);
  expect(log).toHaveLength(1);
});

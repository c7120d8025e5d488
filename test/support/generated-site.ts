import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const WORDS =
  "cache index vector chunk heading page build store query route plan batch token limit anchor site reader table column commit version".split(
    " ",
  );

/** The same numbers give the same words; no two paragraphs of a site are equal. */
const sentence = (seed: number): string => {
  const words = Array.from(
    { length: 14 },
    (_, at) => WORDS[(seed * 7 + at * (seed + 3)) % WORDS.length],
  );
  return `Note ${seed} says that ${words.join(" ")}.`;
};

const section = (page: number, at: number): string => {
  const sentences = Array.from({ length: 12 }, (_, line) => sentence(page * 97 + at * 13 + line));
  return `## Section ${at}\n\n${sentences.join(" ")}\n\n\`\`\`ts\nexport const answer${at} = ${page};\n\`\`\`\n`;
};

/** Markdown of page number `page`: three sections, 4.5 KB, like an average page of documentation. */
const generatedPage = (page: number): string =>
  `---\ntitle: Page ${page}\n---\n\n${[1, 2, 3].map((at) => section(page, at)).join("\n")}`;

/** Writes a site of `pages` pages, a hundred per folder. */
export async function writeGeneratedSite(root: string, pages: number): Promise<void> {
  for (let page = 0; page < pages; page += 1) {
    const folder = join(root, `part-${Math.floor(page / 100)}`);
    if (page % 100 === 0) await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `page-${page}.md`), generatedPage(page));
  }
}

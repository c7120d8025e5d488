import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Sections of a page, each of which is one chunk. */
const SECTIONS = 5;

const SYLLABLES = "ba de fi go ku la me ni po ru sa te vi zo ka mo ri su ta ve".split(" ");
const WORDS = 4000;
const TOPICS = 200;
const WORDS_OF_TOPIC = 60;
const WORDS_OF_SECTION = 240;

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Three syllables or more; no two numbers share a word. */
function wordOf(number: number): string {
  const { length } = SYLLABLES;
  const digits = [
    number % length,
    Math.floor(number / length) % length,
    Math.floor(number / length ** 2),
  ];
  return (
    digits.map((digit) => SYLLABLES[digit % length]).join("") + (number >= length ** 3 ? "n" : "")
  );
}

const topics = Array.from({ length: TOPICS }, (_, topic) => {
  const random = randomOf(topic + 1);
  return Array.from({ length: WORDS_OF_TOPIC }, () => wordOf(Math.floor(random() * WORDS)));
});

/** Two words of one topic, which many pages of every site of some size have. */
export const QUERY: string = (topics[0] ?? []).slice(0, 2).join(" ");

/** Words of two topics and some of any kind, so that pages are near to some pages and far from others. */
function paragraph(random: () => number, own: readonly (readonly string[])[]): string {
  const words = Array.from({ length: WORDS_OF_SECTION }, () => {
    const topic = own[Math.floor(random() * 3)];
    if (topic === undefined) return wordOf(Math.floor(random() * WORDS));
    return topic[Math.floor(random() * topic.length)];
  });
  return `${words.join(" ")}.`;
}

function pageOf(page: number): string {
  const random = randomOf(page * 7919 + 17);
  const own = [0, 1].map(() => topics[Math.floor(random() * TOPICS)] ?? []);
  const sections = Array.from(
    { length: SECTIONS },
    (_, at) => `## ${paragraph(random, own).slice(0, 24)} ${at}\n\n${paragraph(random, own)}\n`,
  );
  return `---\ntitle: Page ${page}\n---\n\n${sections.join("\n")}`;
}

/** Writes a site of `pages` pages with five chunks each, a hundred pages per folder. */
export async function writeSite(root: string, pages: number): Promise<void> {
  for (let page = 0; page < pages; page += 1) {
    const folder = join(root, `part-${Math.floor(page / 100)}`);
    if (page % 100 === 0) await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `page-${page}.md`), pageOf(page));
  }
}

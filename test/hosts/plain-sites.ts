import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { blocksOf } from "./guide-blocks.ts";

/** The page of the documentation that the sites follow. */
const GUIDE = "hosts/plain-html.md";

/** The block of the guide that makes a file or, without a file, is not one; the first of its section. */
export async function blockOf(heading: string, file: string | null): Promise<string> {
  const block = (await blocksOf(GUIDE, heading)).find((one) => one.file === file);
  if (block === undefined) throw new Error(`"${heading}" has no block for ${file}.`);
  return block.text;
}

/** Changes a site as a section of the guide says; returns the command lines of that section. */
export async function followGuide(heading: string, folder: string): Promise<readonly string[]> {
  const blocks = await blocksOf(GUIDE, heading);
  for (const { file, text } of blocks) {
    if (file === null) continue;
    const path = join(folder, file);
    const existing = await readFile(path, "utf8").catch(() => null);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, withBlock(existing, text));
  }
  return blocks.filter(({ file }) => file === null).flatMap(({ text }) => text.trim().split("\n"));
}

/** A file after its author has put a block of the guide into it. */
function withBlock(existing: string | null, block: string): string {
  if (existing === null || existing.includes(block.trim())) return existing ?? block;
  const [, inHeader] = /^<header>\n(.*)<\/header>$/su.exec(block.trim()) ?? [];
  if (inHeader !== undefined) return existing.replace("<header>", () => `<header>\n${inHeader}`);
  const [extending = "", ...blocks] = block.split("\n");
  if (!existing.startsWith(extending)) throw new Error(`Nobody knows where to put:\n${block}`);
  return `${existing}\n${blocks.join("\n")}`;
}

/** Pages that somebody wrote by hand, without a generator and without a canonical address. */
export const HAND_MADE: Readonly<Record<string, readonly [title: string, main: string]>> = {
  "index.html": ["Lantern", "<p>Lantern drives lamps.</p>"],
  "guide/install.html": [
    "Install Lantern",
    `<p>Lantern runs on Linux.</p>
     <h2 id="check-the-debian-signature">Check the Debian signature</h2>
     <p>Compare the fingerprint of the signature with that of the release.</p>
     <h2 id="from-source">From source</h2><p>${"Wait until the lamp is built. ".repeat(200)}</p>`,
  ],
  "guide/wicks/index.html": [
    "Wicks",
    '<h2 id="trim">Trim a wick</h2><p>A long wick makes soot.</p>',
  ],
};

/** A page of a hand-made site with the tags of the guide, as its author writes them. */
export const handMadePage = (title: string, main: string, tags: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>:root { color-scheme: light dark }</style>
</head>
<body>
<header><a href="#main">Skip</a> ${tags}</header>
<main id="main"><h1>${title}</h1>
${main}
</main>
</body>
</html>
`;

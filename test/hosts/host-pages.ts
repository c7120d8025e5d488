import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** The built file of an address below the base; null: there is none. */
export async function fileOf(built: string, address: string): Promise<string | null> {
  const path = decodeURI(address.replace(/[?#].*$/u, ""));
  const files = /(?:^|\/)$/u.test(path)
    ? [`${path}index.html`]
    : [path, `${path}.html`, `${path}/index.html`];
  for (const file of files) {
    const text = await readFile(join(built, file), "utf8").catch(() => null);
    if (text !== null) return text;
  }
  return null;
}

/** The list of related pages in a built page. */
export const relatedPart = (html: string): string =>
  /<nav[^>]*\bsiterag-related\b.*?<\/nav>/su.exec(html)?.[0] ?? "";

/** Where the links of a piece of HTML lead. */
export const linksIn = (html: string): string[] =>
  [...html.matchAll(/<a\b[^>]*?\shref=(?:"([^"]*)"|([^\s>]+))/gu)].map(
    ([, quoted = "", bare = quoted]) => bare.replaceAll("&amp;", "&"),
  );

/** Path and content of each file below some folders, a character for each byte. */
export async function* contentsBelow(
  folders: readonly string[],
): AsyncGenerator<{ readonly path: string; readonly content: string }> {
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !path.includes("/node_modules/")) {
        yield { path, content: await readFile(path, "latin1") };
      }
    }
  }
}

/** The scripts of a built site that hold a text. */
export async function scriptsWith(built: string, text: string): Promise<readonly string[]> {
  const scripts: string[] = [];
  for await (const { content, path } of contentsBelow([built])) {
    if (path.endsWith(".js") && content.includes(text)) scripts.push(content);
  }
  return scripts;
}

/** Bytes that a part of a text adds to it when it is compressed. */
export const bytesOf = (text: string, part: string): number =>
  gzipSync(text).length - gzipSync(text.replace(part, "")).length;

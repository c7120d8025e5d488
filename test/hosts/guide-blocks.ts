import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../support/example-copy.ts";

const DOCS = join(ROOT, "example-site/src/content/docs");

/** A block of code of a page of the documentation. */
export interface Block {
  /** The file that it makes; null: command lines, or a part of a file. */
  readonly file: string | null;
  readonly language: string;
  readonly text: string;
}

/** The blocks of a section of a page, in order. */
export async function blocksOf(page: string, heading: string): Promise<readonly Block[]> {
  const parts = (await readFile(join(DOCS, page), "utf8")).split(/^## /mu);
  const part = parts.find((one) => one.startsWith(`${heading}\n`));
  if (part === undefined) throw new Error(`${page} has no section "${heading}".`);
  return [...part.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gmsu)].map(
    ([, language = "", meta = "", text = ""]) => ({
      file: /title="([^"]+)"/u.exec(meta)?.[1] ?? null,
      language,
      text,
    }),
  );
}

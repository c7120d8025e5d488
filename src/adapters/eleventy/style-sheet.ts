import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ownFile } from "../../words/own-files.ts";
import { STYLE_SHEET } from "./markup.ts";

/** The style sheet of the list of related pages. */
export const styleSheet = (): Promise<Buffer> => readFile(ownFile(`adapters/${STYLE_SHEET}`));

/** Writes it beside the search of a built site, unless it is there. */
export async function writeStyleSheet(outDir: string): Promise<void> {
  const folder = join(outDir, "siterag");
  const file = join(folder, STYLE_SHEET);
  const style = await styleSheet();
  if ((await readFile(file).catch(() => null))?.equals(style) === true) return;
  await mkdir(folder, { recursive: true });
  await writeFile(file, style);
}

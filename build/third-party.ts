import { readdir, readFile, writeFile } from "node:fs/promises";

/** The folder of the package that a file is of. */
const FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/u;

/** Writes the licenses of the packages that the bundle, which is made of `files`, holds copies of. */
export async function writeLicenses(files: readonly string[]): Promise<void> {
  const folders = new Set(files.flatMap((file) => FOLDER.exec(file)?.[0] ?? []));
  const licenses = await Promise.all([...folders].toSorted().map(licenseOf));
  const intro = "siterag holds copies of parts of these packages.";
  await writeFile("dist/THIRD-PARTY-LICENSES.txt", [intro, ...licenses].join("\n\n---\n\n"));
}

async function licenseOf(folder: string): Promise<string> {
  const { license, name, version } = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const files = (await readdir(folder)).filter((file) => TERMS.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  const parts = [`${name} ${version}, ${license}`, ...texts.map((text) => text.trim())];
  return parts.join("\n\n");
}

const TERMS = /^(?:licen[cs]e|notice)(?:[.-]|$)/iu;

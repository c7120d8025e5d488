import { readdir, readFile, writeFile } from "node:fs/promises";

/** The folder of the package that a file is of. */
const FOLDER = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/u;

/** Writes the licenses of the packages that the bundle, which is made of `files`, holds copies of. */
export async function writeLicenses(files: readonly string[]): Promise<void> {
  const folders = new Set(files.flatMap((file) => FOLDER.exec(file)?.[0] ?? []));
  const licenses = await Promise.all([...folders].toSorted().map(licenseOf));
  const intro = "siterag holds copies of parts of these packages.";
  await writeFile("dist/THIRD-PARTY-LICENSES.txt", [intro, ...licenses.flat()].join("\n\n---\n\n"));
}

async function licenseOf(folder: string): Promise<readonly string[]> {
  const about = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const { license, name, version } = about;
  if (name === STAND_IN) return [];
  const files = (await readdir(folder)).filter((file) => TERMS.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, "utf8")));
  if (texts.length === 0) texts.push(await commonTerms(about));
  return [[`${name} ${version}, ${license}`, ...texts.map((text) => text.trim())].join("\n\n")];
}

/** What takes the place of packages that LanceDB names and siterag does not use: it is empty. */
const STAND_IN = "empty-npm-package";

/** The terms of a package that has no file with them. Throws where its license is another one. */
async function commonTerms({ author, license, name }: PackageFacts): Promise<string> {
  if (license === "Apache-2.0") return readFile("node_modules/apache-arrow/LICENSE.txt", "utf8");
  if (license !== "MIT") throw new Error(`${name} has no file with the terms of ${license}.`);
  const owner = typeof author === "string" ? author : author?.name;
  if (owner === undefined) throw new Error(`${name} does not say who holds its copyright.`);
  const mit = await readFile("LICENSE", "utf8");
  return mit.replace(/^Copyright .*$/mu, `Copyright (c) ${owner}`);
}

interface PackageFacts {
  readonly name: string;
  readonly license: string;
  readonly author?: string | { readonly name: string };
}

const TERMS = /^(?:licen[cs]e|notice)(?:[.-]|$)/iu;

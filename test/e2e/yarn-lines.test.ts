import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

const run = promisify(execFile);
const INSTALL = "../../example-site/src/content/docs/getting-started/install.mdx";

/** The lines of the page "Install" for Yarn. */
async function linesOfPage(): Promise<object> {
  const page = await readFile(fileURLToPath(new URL(INSTALL, import.meta.url)), "utf8");
  const [, section = ""] = page.split("## Leave out what");
  const [, tab = ""] = section.split('<TabItem label="Yarn">');
  return Object(JSON.parse(/```json title=[^\n]*\n(.*?)```/su.exec(tab)?.[1] ?? ""));
}

/** Stands for LanceDB, whose packages for other machines Yarn 1 would look up. */
const LANCEDB = {
  name: "@lancedb/lancedb",
  version: "0.39.0",
  optionalDependencies: { "@huggingface/transformers": "3.0.2", openai: "4.29.2" },
};

test.each([
  ["yarn@1.22.22", []],
  ["@yarnpkg/cli-dist@4.18.1", ["--no-immutable"]],
])("with the lines of the page Install, %s installs neither of the two", async (yarn, flags) => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "lancedb"));
  await writeFile(join(folder, "lancedb/package.json"), JSON.stringify(LANCEDB));
  await run("npm", ["pack", "./lancedb"], { cwd: folder });
  const dependencies = { "@lancedb/lancedb": "file:./lancedb-lancedb-0.39.0.tgz" };
  const manifest = { name: "docs", private: true, dependencies, ...(await linesOfPage()) };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "yarn.lock"), "");
  await writeFile(join(folder, ".yarnrc.yml"), "nodeLinker: node-modules\n");
  await run("npx", ["--yes", "-p", yarn, "yarn", "install", ...flags], { cwd: folder });
  const lancedb = join(folder, "node_modules/@lancedb/lancedb");
  await expect(readFile(join(lancedb, "package.json"), "utf8")).resolves.toContain("0.39.0");
  for (const name of Object.keys(LANCEDB.optionalDependencies)) {
    const file = join(folder, "node_modules", name, "package.json");
    await expect(readFile(file, "utf8")).rejects.toMatchObject({ code: "ENOENT" });
  }
});

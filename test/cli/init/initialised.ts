import { join, relative } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { configSchema, loadConfig } from "../../../src/providers/load-config.ts";
import { folderWith } from "../../support/temporary-folder.ts";
import { record } from "../recording.ts";

/** The files of a small project. */
export type Files = Readonly<Record<string, string>>;

const told = z.object({
  file: z.string(),
  generator: z.string().nullable(),
  foundIn: z.string().nullable(),
  content: z.looseObject({ root: z.string().optional(), site: z.string().optional() }),
  questions: z.array(z.object({ setting: z.string(), question: z.string() })),
  adapter: z.string().nullable(),
  advice: z.string().nullable(),
  build: z.string().nullable(),
});

/** A package file with these packages, and scripts. */
export const packageWith = (
  names: readonly string[],
  scripts: Readonly<Record<string, string>> = {},
): string =>
  JSON.stringify({
    type: "module",
    scripts,
    devDependencies: Object.fromEntries(names.map((name) => [name, "*"])),
  });

/** Runs `siterag init --json` in a new folder, and checks that what it wrote holds when it is loaded. */
export async function initialised(files: Files, flags: readonly string[] = []) {
  const cwd = await folderWith(files);
  const recorded = await record(["init", "--json", ...flags], { cwd, useCases: {} });
  expect(recorded).toMatchObject({ exitCode: 0, stderr: "" });
  const { file, ...rest } = told.parse(JSON.parse(recorded.stdout));
  const { config, directory } = await loadConfig({ cwd, file });
  const written = rest.content;
  expect(config.content).toEqual({
    ...configSchema.parse({}).content,
    ...written,
    root: join(directory, written.root ?? "docs"),
    site: written.site === undefined ? null : join(directory, written.site),
  });
  return {
    ...rest,
    cwd,
    path: file,
    file: relative(cwd, file),
    asked: rest.questions.map(({ setting }) => setting.replace(/^content\./u, "")),
  };
}

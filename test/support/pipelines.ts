import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ROOT } from "./example-copy.ts";

const DOCS = join(ROOT, "example-site/src/content/docs");

/** A command line of a pipeline. */
export interface Line {
  readonly command: string;
  /** Whether it gets the key of the Gemini API. */
  readonly hasKey: boolean;
}

/** A pipeline of the documentation: which folders it keeps, and what it runs. */
export interface Pipeline {
  readonly kept: readonly string[];
  readonly lines: readonly Line[];
}

const cache = z.object({ path: z.string(), key: z.string(), "restore-keys": z.string() });
const step = z.union([
  z.object({ run: z.string(), env: z.record(z.string(), z.string()).default({}) }),
  z.object({ uses: z.literal("actions/cache@v4"), with: cache }),
  z.object({ uses: z.string().regex(/^actions\/\w/u) }),
]);
const workflow = z.object({
  on: z.unknown(),
  jobs: z.record(z.string(), z.object({ "runs-on": z.string(), steps: z.array(step) })),
});
const gitLab = z.record(
  z.string(),
  z.object({
    image: z.string(),
    resource_group: z.string(),
    cache: z.object({ key: z.string(), paths: z.array(z.string()) }),
    script: z.array(z.string()),
  }),
);

/** The YAML blocks of a page that are files, by name. */
export async function yamlFilesOf(page: string): Promise<ReadonlyMap<string, unknown>> {
  const text = await readFile(join(DOCS, page), "utf8");
  const blocks = text.matchAll(/^( *)```ya?ml title="([^"]+)"\n(.*?)^\1```$/gmsu);
  return new Map(
    Array.from(blocks, ([, indent = "", file = "", block = ""]) => {
      const plain = block.replaceAll(new RegExp(`^${indent}`, "gmu"), "");
      return [file, parse(plain, { strict: true })] as const;
    }),
  );
}

/** The pipeline in a file. Throws if it is none. */
export function pipelineOf(file: string, written: unknown): Pipeline {
  if (file.endsWith("gitlab-ci.yml")) {
    const [job] = Object.values(gitLab.parse(written));
    // The variables of a project are those of every line.
    const lines = job?.script.map((command) => ({ command, hasKey: true }));
    return { kept: job?.cache.paths ?? [], lines: lines ?? [] };
  }
  const steps = Object.values(workflow.parse(written).jobs).flatMap((job) => job.steps);
  return {
    kept: steps.flatMap((one) => ("with" in one ? one.with.path.trim().split("\n") : [])),
    lines: steps.flatMap((one) =>
      "run" in one ? linesOf(one.run, "GEMINI_API_KEY" in one.env) : [],
    ),
  };
}

const linesOf = (text: string, hasKey: boolean): readonly Line[] =>
  text
    .trim()
    .split("\n")
    .map((command) => ({ command, hasKey }));

/** The command lines of the one block of a page that has this line. */
export async function shellLinesOf(page: string, line: string): Promise<readonly Line[]> {
  return linesOf(await blockOf(page, "sh", line), true);
}

/** A file that a page shows, by its name. */
export const shownFile = (page: string, name: string): Promise<string> =>
  blockOf(page, `ts title="${name}"`, "");

/** The one block of a page with this start and this text. Throws if there is none, or another one. */
async function blockOf(page: string, start: string, part: string): Promise<string> {
  const text = await readFile(join(DOCS, page), "utf8");
  const blocks = text.matchAll(/^```(.*?)\n(.*?)^```$/gmsu);
  const [found, ...others] = Array.from(blocks, ([, given, block = ""]) =>
    given === start && block.includes(part) ? [block] : [],
  ).flat();
  if (found === undefined || others.length > 0) throw new Error(`${page}: not one block: ${start}`);
  return found;
}

/** Copies the kept folders of a pipeline from one place to another, as a cache is restored and saved. */
export async function copyKept({ kept }: Pipeline, from: string, to: string): Promise<void> {
  for (const folder of kept) {
    await cp(join(from, folder), join(to, folder), { recursive: true }).catch((error: unknown) => {
      // The first run finds no cache.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    });
  }
}

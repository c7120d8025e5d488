import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { SiteragError } from "../words/errors.ts";

const page = z.string().min(1);
/** A question as a reader would ask it, with ids or URLs of pages that should all be found. */
const entry = z.strictObject({
  question: z.string().trim().min(1),
  pages: z.union([page.transform((one) => [one]), z.array(page).min(1)]),
});
export type Question = z.infer<typeof entry>;
const questionsFile = z.array(entry).min(1);

const FORM = "expected a list of entries such as { question: How do I …?, pages: [guide.md] }";

/** Reads a YAML or JSON file of questions, given by absolute path. Throws USAGE. */
export async function readQuestions(file: string): Promise<Question[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const advice = "create it, or name another file in search.questions or after `siterag check`";
    throw new SiteragError("USAGE", `${file} cannot be read; ${advice}.`, { cause });
  });
  const read = questionsFile.safeParse(parsed(file, text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const place = typeof issue?.path[0] === "number" ? `, entry ${issue.path[0] + 1}` : "";
  throw new SiteragError("USAGE", `${file}${place}: ${FORM}.`, { cause: read.error });
}

/** Reads YAML, and so JSON. */
function parsed(file: string, text: string): unknown {
  try {
    return parse(text.replace(/^\uFEFF/u, ""));
  } catch (cause) {
    const [first = ""] = cause instanceof Error ? cause.message.split("\n") : [];
    throw new SiteragError("USAGE", `${file} is not valid YAML: ${first}`, { cause });
  }
}

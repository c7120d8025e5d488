import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { count, grouped } from "../words/amounts.ts";
import type { Page, PageIdentity } from "../words/types.ts";
import { decodeText } from "./decode.ts";
import type { ContentFiles } from "./discover.ts";
import type { UrlRules } from "./page-url.ts";
import { warnOfSameUrl, type ReadReport } from "./read-pages.ts";
import type { SitePage } from "./site-page.ts";
import { surveySite, type BuiltFile, type SurveyMemory } from "./survey-site.ts";

/**
 * Streams the pages of a built site, which are read only if somebody asks for them. Options, reports and
 * errors are those of `sourcePages`.
 *
 * @param files The HTML of the site.
 */
export async function* builtPages(
  files: ContentFiles,
  rules: Pick<UrlRules, "baseUrl" | "urlStyle">,
  report: ReadReport,
  signal: AbortSignal | undefined,
  only: ReadonlySet<string> | null,
  memory?: SurveyMemory,
): AsyncGenerator<SitePage> {
  const site = await surveySite(files, rules, report, signal, memory);
  const idByUrl = new Map<string, string>();
  const left = site.filter(({ leftOut }) => leftOut !== null);
  if (left.length > 0) report.tell(leftOutSentence(left));
  for (const file of site) {
    if (file.leftOut !== null || only?.has(file.id) === false) continue;
    signal?.throwIfAborted();
    warnOfSameUrl(file, idByUrl, report);
    yield sitePage(file, files.root);
  }
}

function sitePage({ contentHash, id, url }: BuiltFile, root: string): SitePage {
  const identity: PageIdentity = {
    contentHash,
    url,
    title: null,
    locale: null,
    version: null,
    slugger: "none",
    format: "html",
    host: null,
  };
  const read = async (): Promise<Page | null> => {
    const { text } = decodeText(await readFile(join(root, id)), id);
    const { pageFacts } = await import("../html/page-facts.ts");
    const { body, leftOut, locale, title, version } = pageFacts(text);
    if (leftOut !== null) return null;
    return { ...identity, id, title, locale, version, body, bodyLine: 1, frontmatter: {} };
  };
  return { id, identity, read };
}

function leftOutSentence(left: readonly BuiltFile[]): string {
  const reasons = [...Map.groupBy(left, ({ leftOut }) => leftOut)];
  const counts = reasons.map(([reason, files]) => `${grouped(files.length)} ${reason}`);
  return `Left out ${count(left.length, "file")} of the built site: ${counts.join(", ")}.`;
}

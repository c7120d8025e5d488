import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { displayPath } from "../config/config-file.ts";
import {
  publishFiles,
  publishIndex,
  publishScripts,
  withdrawIndex,
  type PublishReport,
} from "../publishing/publish-index.ts";
import type { VerifyReport } from "../verifying/report.ts";
import { verifySite } from "../verifying/verify-site.ts";
import { count, grouped } from "../words/amounts.ts";
import { SiteragError } from "../words/errors.ts";
import { orWarn, type BuildWork } from "./build-work.ts";
import { relatedPages } from "./site-results.ts";
import { updateIndex, type IndexState } from "./update-index.ts";

/** What a host has written. */
export interface BuiltSite {
  /** The folder of the HTML, absolute. */
  readonly outDir: string;
  /** Whether a server renders other pages later: there is no HTML of them. */
  readonly isPartial?: boolean;
  /**
   * Files that this build has written, as paths below `outDir`: the index keeps all other pages as they are.
   * Default: every file may be new, and a page without one is gone.
   */
  readonly only?: readonly string[];
  /** What `content.leftBehind` says of `outDir` by now. */
  readonly leftBehind?: readonly string[];
}

/** Folder of the readers' index in a built site. */
const FOLDER = "siterag";

/** What is left of a build when the pages are written; `before` is the index that they were rendered with. */
export async function finishBuild(
  work: BuildWork,
  before: Pick<IndexState, "instead" | "isThere">,
  { outDir, isPartial = false, leftBehind = work.config.content.leftBehind, only }: BuiltSite,
): Promise<void> {
  const { content } = work.config;
  const config = { ...work.config, content: { ...content, site: outDir, leftBehind } };
  const built = { ...work, config };
  // A build for a server may write nothing.
  await mkdir(outDir, { recursive: true });
  const { instead, isThere } =
    content.from === "html" ? await readBuilt(built, before.isThere ? only : undefined) : before;
  const isJudged = isThere && content.from !== "html";
  const judged = isJudged ? await judge(built, isPartial) : null;
  // The pages of another index are compared now: the next build begins with that.
  if (isThere && (!isJudged || isCorrected(judged))) await relatedPages(built).catch(() => []);
  const out = join(outDir, FOLDER);
  if (config.build.search === "off") {
    // Eleventy keeps what earlier builds have written.
    await orWarn(built, withdrawIndex(out), "The index of an earlier build stays", null);
    return;
  }
  if (!isThere && instead === null) {
    // The pages have the search box, which says that there is no index.
    await orWarn(built, publishScripts(out), "This build has no search box", null);
    return;
  }
  const publishing =
    instead === null ? publishIndex({ config, out }) : publishFiles(out, instead.files);
  const published = await orWarn(built, publishing, "This build has no search for readers", null);
  if (published !== null) work.logger.info(sentenceOf(work, published, judged));
}

/** Reads the built pages, or only some of them. */
const readBuilt = async (
  work: BuildWork,
  only: readonly string[] | undefined,
): Promise<Pick<IndexState, "instead" | "isThere">> =>
  only?.length === 0 ? { isThere: true, instead: null } : updateIndex(work, only);

/** Corrects the addresses that the built pages prove wrong, before readers get them. */
async function judge(work: BuildWork, isPartial: boolean): Promise<VerifyReport | null> {
  const { config, logger } = work;
  const verifying = verifySite({ config, logger });
  const judging = isPartial ? verifying.catch(nullWithoutHtml) : verifying;
  const report = await orWarn(work, judging, "The index was not compared with the pages", null);
  if (report === null) return null;
  const { figures, notStored } = report;
  const { anchors, urls } = figures;
  const lacking = [
    ...(urls.wrong > 0 && !isPartial ? [count(urls.wrong, "page")] : []),
    ...(anchors.wrong > 0 ? [count(anchors.wrong, "anchor")] : []),
  ];
  if (lacking.length > 0) {
    logger.warn(
      `The index has ${lacking.join(" and ")} that the built site does not have: run \`siterag verify\` for the details`,
    );
  }
  if (isPartial && urls.wrong > 0) logger.info(onDemand(urls.wrong));
  await orWarn(work, requireStored(notStored), "Corrections of addresses were not stored", null);
  return report;
}

const onDemand = (pages: number): string =>
  `${count(pages, "page")} without HTML: a server renders them on demand, so their addresses and anchors are those that the source tells`;

function nullWithoutHtml(error: unknown): null {
  if (error instanceof SiteragError && error.code === "USAGE") return null;
  throw error;
}

async function requireStored(whyNot: string | null): Promise<void> {
  if (whyNot !== null) throw new SiteragError("STORE_FAILED", whyNot);
}

function sentenceOf(
  { directory }: BuildWork,
  published: PublishReport,
  judged: VerifyReport | null,
): string {
  const { bytes, out, pages, sections } = published;
  const site = `${count(pages, "page")} (${count(sections, "section")})`;
  const size = `${grouped(Math.ceil(bytes / 1000))} kB`;
  return `published ${site} for readers in ${displayPath(directory, out)}: ${size}${corrections(judged)}`;
}

/** Whether the judgement has published another index. */
function isCorrected(judged: VerifyReport | null): boolean {
  if (judged === null) return false;
  const { anchors, urls, withdrawn } = judged.corrections;
  return anchors.length + urls.length + withdrawn.length > 0;
}

function corrections(judged: VerifyReport | null): string {
  if (judged === null) return "";
  const { anchors, urls } = judged.corrections;
  const corrected = anchors.length + urls.length;
  return corrected === 0 ? "" : `; ${count(corrected, "address", "addresses")} corrected`;
}

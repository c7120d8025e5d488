import { indexSite } from "../indexing/index-site.ts";
import { readStatus } from "../upkeep/status.ts";
import { count, countIfAny } from "../words/amounts.ts";
import { SiteragError } from "../words/errors.ts";
import type { IndexReport } from "../words/reports.ts";
import { orWarn, type BuildWork } from "./build-work.ts";
import { readWithoutIndex, type SiteWithoutIndex } from "./site-without-index.ts";

/** Longest wait for batch jobs in a build; the next build collects the rest. */
const HOST_DEADLINE_MINUTES = 2;

/** What a build has to work with. */
export interface IndexState {
  /** Whether there is an index, of this build or of an earlier one. */
  readonly isThere: boolean;
  /** The site as it is now, where this build could not update the index. */
  readonly instead: SiteWithoutIndex | null;
  /** Whether texts wait for their vectors; the log says why. */
  readonly isPending: boolean;
}

/**
 * Indexes the site in its build. If that fails, the site is read without its index, with a warning.
 * @param only ids of the pages that may have changed; undefined: all
 */
export async function updateIndex(work: BuildWork, only?: readonly string[]): Promise<IndexState> {
  let instead: SiteWithoutIndex | null = null;
  const consequence = async (): Promise<string> => {
    instead = await readWithoutIndex(work);
    if (instead === null) return `${WITHOUT} no search, no related pages and no answers`;
    if (instead.results === null) return `${WITHOUT} no related pages and no answers`;
    return `${WITHOUT} no vectors of new texts`;
  };
  const report = await orWarn(work, indexed(work, only), consequence, null);
  if (report === null) return { isThere: false, instead, isPending: false };
  await orWarn(work, requireWhole(report), "The index has gaps", null);
  work.logger.info(indexSentence(report));
  return { isThere: true, instead, isPending: report.chunks.pending > 0 };
}

const WITHOUT = "Indexing failed, so this build has";

/** Whether an index can be read, whoever built it. */
export const hasIndex = ({ config }: Pick<BuildWork, "config">): Promise<boolean> =>
  readStatus({ config }).then(
    ({ index }) => index !== null,
    () => false,
  );

/** Indexes the site, and warns of everything but single failures, which may be many. */
async function indexed(
  { config, client, logger }: BuildWork,
  only: readonly string[] | undefined,
): Promise<IndexReport> {
  const warnings: string[] = [];
  const failures = new Set<string>();
  try {
    const report = await indexSite({
      config,
      client,
      ...(only === undefined ? {} : { only }),
      logger: { ...logger, warn: (line) => void warnings.push(line) },
      deadlineMinutes: HOST_DEADLINE_MINUTES,
      // A fork's pull request has no key.
      isKeyOptional: !config.build.strict,
      failsWaiting: config.build.strict,
    });
    report.failures.forEach((failure) => failures.add(failure));
    return report;
  } finally {
    warnings.filter((line) => !failures.has(line)).forEach((line) => logger.warn(line));
  }
}

async function requireWhole({ failures: [first, ...others] }: IndexReport): Promise<void> {
  if (first === undefined) return;
  const more = `(and ${count(others.length, "more failure")}: \`siterag index\` lists them)`;
  throw new SiteragError("EMBEDDING_FAILED", others.length === 0 ? first : `${first} ${more}`);
}

function indexSentence({ pages, chunks, usage, enrichment, durationMs }: IndexReport): string {
  const { sentences = 0 } = enrichment ?? {};
  const work = [
    ...countIfAny(usage.calls, "call"),
    ...countIfAny(usage.jobs, "job"),
    ...(sentences > 0 ? [`${count(sentences, "sentence")} of context`] : []),
  ];
  const changes = `${chunks.added} added, ${chunks.reused} reused, ${chunks.pending} pending`;
  const seconds = (durationMs / 1000).toFixed(1);
  const site = `${count(pages, "page")}, ${count(chunks.total, "chunk")}`;
  return `indexed ${site} (${changes}) in ${seconds} s: ${work.join(", ") || "no call"}`;
}

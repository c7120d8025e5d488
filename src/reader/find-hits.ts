import { snippetOf } from "../ranking/snippet.ts";
import type { RankedSections } from "../ranking/ranked-sections.ts";
import type { RankedSection } from "../ranking/term-source.ts";
import type { OtherHit, Snippet } from "../words/hits.ts";
import { bestUrls, firstUrls, type Named } from "./first-urls.ts";
import { numberedSections, pagesIn } from "./numbered-sections.ts";
import type { OpenIndex } from "./open-index.ts";
import type { SectionFacts } from "./section-facts.ts";

/** A section as found. */
export interface ReaderHit extends Pick<SectionFacts, "page" | "url" | "title" | "headings"> {
  /** Markdown of the section, without its heading. */
  readonly text: string;
  /** Text for readers, which is to be shown as text: it may hold what looks like HTML. */
  readonly snippet: Snippet;
  /** Higher is better. Only comparable within one answer. */
  readonly score: number;
  /** If grouped by page: further sections of the page, best first, at most three. */
  readonly others?: readonly OtherHit[];
}

/** Further sections of a page that are listed: each may need a request. */
const MOST_OTHERS = 3;

type Found = Named<RankedSection>;

/** What hits are made for. */
export interface HitsWanted {
  readonly query: string;
  readonly limit: number;
  readonly groupByPage: boolean;
  readonly isTyping: boolean;
  readonly signal: AbortSignal | undefined;
}

/** The best of ranked sections as hits, each URL once; reads the texts of these alone. */
export async function findHits(
  index: OpenIndex,
  ranked: RankedSections,
  wanted: HitsWanted,
): Promise<ReaderHit[]> {
  if (wanted.groupByPage) return findPages(index, ranked, wanted);
  const best = (most: number) => ranked.best(most);
  const found = await bestUrls(best, wanted.limit, factsIn(index, wanted));
  return Promise.all(found.map((one) => toHit(index, one, wanted)));
}

async function findPages(
  index: OpenIndex,
  ranked: RankedSections,
  wanted: HitsWanted,
): Promise<ReaderHit[]> {
  const { pages } = await index.table(wanted.signal);
  const rankedPages = await pagesIn(index, ranked, wanted.signal);
  // Pages with the same URL are one: the best is shown.
  const byUrl = Map.groupBy(rankedPages, ({ page }) => pages[page]?.url).values();
  const shown = [...byUrl].flatMap(([best]) => best ?? []).slice(0, wanted.limit);
  const hits = shown.map(async ({ score, sections }) => {
    const [best, ...others] = await firstUrls(sections, 1 + MOST_OTHERS, factsIn(index, wanted));
    if (best === undefined) return [];
    const hit = await toHit(index, { ...best, score }, wanted);
    return [{ ...hit, others: others.map(toOther) }];
  });
  return (await Promise.all(hits)).flat();
}

const toOther = ({ facts, score }: Found): OtherHit => ({
  url: facts.url,
  headings: facts.headings,
  score,
});

const factsIn =
  (index: OpenIndex, { signal }: HitsWanted) =>
  (numbers: readonly number[]): Promise<SectionFacts[]> =>
    numberedSections(index).sections(numbers, signal);

async function toHit(
  index: OpenIndex,
  { facts, score, section }: Found,
  { isTyping, query, signal }: HitsWanted,
): Promise<ReaderHit> {
  const { pack, place } = await index.packOf(section, signal);
  const text = pack.texts[place] ?? "";
  const { page, url, title, headings } = facts;
  // A heading that another one follows at once has no text: what comes next on its page says what it is about.
  const shown = pack.texts.findIndex((one, at) => at >= place && one !== "");
  const { pageOf } = await index.table(signal);
  const isOfPage = pageOf[section + shown - place] === pageOf[section];
  const snippet = snippetOf(isOfPage ? (pack.texts[shown] ?? "") : "", query, { isTyping });
  return { page, url, title, headings, text, snippet, score };
}

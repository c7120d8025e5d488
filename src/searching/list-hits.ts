import { snippetOf } from "../ranking/snippet.ts";
import type { RankedSection } from "../ranking/term-source.ts";
import { bestUrls, firstUrls, type FactsOf, type Named } from "../reader/first-urls.ts";
import type { NumberedSections } from "../reader/numbered-sections.ts";
import type { SectionFacts } from "../reader/section-facts.ts";
import type { Hit, HitScores, OtherHit } from "../words/hits.ts";
import { runPool } from "../words/pool.ts";
import { pageUrl } from "../words/page-url.ts";
import type { Found, FoundPage } from "./find-sections.ts";

/** What hits are made for. */
export interface Listing {
  readonly query: string;
  readonly limit: number;
  readonly groupByPage: boolean;
  /** Most other hits of a page: a long page has hundreds. Of a published index, each may need a request. */
  readonly mostOthers: number;
  readonly signal: AbortSignal | undefined;
}

/** Sections or hits whose files are read at once, at most: what is asked for at once, a store reads together. */
const MOST_AT_ONCE = 32;

/** Makes hits of what was found, and reads the texts of these alone. */
export async function listHits(
  words: NumberedSections,
  found: Found,
  listing: Listing,
): Promise<Hit[]> {
  const { groupByPage, limit, mostOthers, signal } = listing;
  const factsOf: FactsOf = async (numbers) => {
    const facts: SectionFacts[] = [];
    for (let at = 0; at < numbers.length; at += MOST_AT_ONCE)
      facts.push(...(await words.sections(numbers.slice(at, at + MOST_AT_ONCE), signal)));
    return facts;
  };
  if (!groupByPage) {
    const named = await bestUrls(found.sections, limit, factsOf);
    const scoresOf = found.scoresOf(named.map(({ section }) => section));
    return inPool(named, signal, (one) => toHit(words, one, scoresOf, listing));
  }
  const pages = await firstPages(await found.pages(), limit, (some) =>
    inPool(some, signal, ({ sections }) => firstUrls(sections, 1 + mostOthers, factsOf)),
  );
  const scoresOf = found.scoresOf(pages.map(({ best }) => best.section));
  return inPool(pages, signal, async ({ best, others, score }) => {
    const hit = await toHit(words, { ...best, score }, scoresOf, listing);
    return { ...hit, others: others.map(toOther) };
  });
}

async function inPool<Item, Value>(
  items: readonly Item[],
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  const one = async ([at, item]: readonly [number, Item]): Promise<void> => {
    values[at] = await work(item);
  };
  await runPool(items.entries(), MOST_AT_ONCE, one, signal);
  signal?.throwIfAborted();
  return values;
}

/** A page with its first sections. */
interface NamedPage {
  readonly score: number;
  readonly best: Named<RankedSection>;
  readonly others: readonly Named<RankedSection>[];
}

/** The first pages of which a section was found. Pages with the same URL are one: the better one is shown. */
async function firstPages(
  found: readonly FoundPage[],
  limit: number,
  sectionsOf: (pages: readonly FoundPage[]) => Promise<readonly Named<RankedSection>[][]>,
): Promise<NamedPage[]> {
  const named = new Map<string, NamedPage>();
  for (let next = 0; named.size < limit && next < found.length;) {
    const some = found.slice(next, next + limit - named.size);
    next += some.length;
    const sections = await sectionsOf(some);
    some.forEach(({ score }, at) => {
      const [best, ...others] = sections[at] ?? [];
      const url = pageUrl(best?.facts.url ?? "");
      if (best !== undefined && !named.has(url)) named.set(url, { score, best, others });
    });
  }
  return [...named.values()];
}

const toOther = ({ facts, score }: Named<RankedSection>): OtherHit => ({
  url: facts.url,
  headings: facts.headings,
  score,
});

async function toHit(
  words: NumberedSections,
  { facts, score, section }: Named<RankedSection>,
  scoresOf: (section: number) => HitScores,
  { query, signal }: Listing,
): Promise<Hit> {
  const { headings, page, title, url } = facts;
  const [text = ""] = await words.texts([section], signal);
  const snippet = snippetOf(await shownText(words, facts, section, text), query);
  return { url, title, headings, text, score, page, snippet, scores: scoresOf(section) };
}

/** A heading that another one follows at once has no text: what comes next on its page says what it is about. */
async function shownText(
  words: NumberedSections,
  { page }: SectionFacts,
  section: number,
  text: string,
): Promise<string> {
  if (text !== "") return text;
  const next = (await words.sectionsOf(page)).filter((number) => number > section);
  const texts = await words.texts(next.slice(0, NEXT_SECTIONS));
  return texts.find((one) => one !== "") ?? "";
}

/** So many headings in a row have no text. */
const NEXT_SECTIONS = 4;

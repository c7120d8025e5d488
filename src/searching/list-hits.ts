import { snippetOf } from "../ranking/snippet.ts";
import { bestUrls, firstUrls, type FactsOf, type Named } from "../reader/first-urls.ts";
import type { NumberedSections } from "../reader/numbered-sections.ts";
import type { SectionFacts } from "../reader/section-facts.ts";
import type { Hit, OtherHit } from "../words/hits.ts";
import { runPool } from "../words/pool.ts";
import { pageUrl } from "../words/page-url.ts";
import type { Found, FoundPage, FoundSection } from "./find-sections.ts";

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
  const { groupByPage, limit, mostOthers, query, signal } = listing;
  const factsOf: FactsOf = async (numbers) => {
    const facts: SectionFacts[] = [];
    for (let at = 0; at < numbers.length; at += MOST_AT_ONCE)
      facts.push(...(await words.sections(numbers.slice(at, at + MOST_AT_ONCE), signal)));
    return facts;
  };
  if (!groupByPage) {
    const named = await bestUrls(found.sections, limit, factsOf);
    return inPool(named, signal, (one) => toHit(words, one, query, signal));
  }
  const pages = await firstPages(await found.pages(), limit, factsOf);
  return inPool(pages, signal, async ({ best, score, sections }) => {
    const [, ...others] = await firstUrls(sections, 1 + mostOthers, factsOf);
    const hit = await toHit(words, { ...best, score }, query, signal);
    return { ...hit, others: others.map(toOther) };
  });
}

async function inPool<Item>(
  items: readonly Item[],
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<Hit>,
): Promise<Hit[]> {
  const hits: Hit[] = [];
  const one = async ([at, item]: readonly [number, Item]): Promise<void> => {
    hits[at] = await work(item);
  };
  await runPool(items.entries(), MOST_AT_ONCE, one, signal);
  signal?.throwIfAborted();
  return hits;
}

/** A page with its best section. */
interface NamedPage {
  readonly score: number;
  readonly best: Named<FoundSection>;
  readonly sections: readonly FoundSection[];
}

/** The first pages of which a section was found. Pages with the same URL are one: the better one is shown. */
async function firstPages(
  found: readonly FoundPage[],
  limit: number,
  factsOf: FactsOf,
): Promise<NamedPage[]> {
  const named = new Map<string, NamedPage>();
  for (let next = 0; named.size < limit && next < found.length;) {
    const end = next + limit - named.size;
    const some = found.slice(next, end).flatMap(({ score, sections: all }) => {
      const sections = all();
      return sections[0] === undefined ? [] : [{ score, first: sections[0], sections }];
    });
    next = end;
    const facts = await factsOf(some.map(({ first }) => first.section));
    some.forEach(({ first, ...page }, at) => {
      const own = facts[at];
      const url = pageUrl(own?.url ?? "");
      if (own !== undefined && !named.has(url))
        named.set(url, { ...page, best: { ...first, facts: own } });
    });
  }
  return [...named.values()];
}

const toOther = ({ facts, score }: Named<FoundSection>): OtherHit => ({
  url: facts.url,
  headings: facts.headings,
  score,
});

async function toHit(
  words: NumberedSections,
  { facts, score, scores, section }: Named<FoundSection>,
  query: string,
  signal: AbortSignal | undefined,
): Promise<Hit> {
  const { headings, page, title, url } = facts;
  const [text = ""] = await words.texts([section], signal);
  const snippet = snippetOf(await shownText(words, facts, section, text), query);
  return { url, title, headings, text, score, page, snippet, scores };
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

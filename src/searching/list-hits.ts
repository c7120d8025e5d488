import { snippetOf } from "../ranking/snippet.ts";
import type { SiteReader } from "../reader/open-reader.ts";
import type { SectionFacts } from "../reader/section-facts.ts";
import type { Hit, OtherHit } from "../words/hits.ts";
import { pageUrl } from "../words/page-url.ts";
import type { Found, FoundPage, FoundSection } from "./find-sections.ts";

interface Named extends FoundSection {
  readonly facts: SectionFacts;
}

/** What hits are made for. */
export interface Listing {
  readonly query: string;
  readonly limit: number;
  readonly groupByPage: boolean;
  /** Most other hits of a page: a long page has hundreds. Of a published index, each may need a request. */
  readonly mostOthers: number;
  readonly signal: AbortSignal | undefined;
}

/** Makes hits of what was found, and reads the texts of these alone. */
export async function listHits(
  words: SiteReader,
  { pages, sections }: Found,
  { query, limit, groupByPage, mostOthers, signal }: Listing,
): Promise<Hit[]> {
  if (!groupByPage) {
    const named = await nearestUrls(words, sections, limit, signal);
    return Promise.all(named.map((one) => toHit(words, one, query, signal)));
  }
  const hits = new Map<string, Hit>();
  const found = await pages();
  for (let next = 0; hits.size < limit && next < found.length;) {
    const some = found.slice(next, next + limit - hits.size);
    next += some.length;
    // All at once: what they need is then read together.
    const made = some.map((page) => pageHits(words, page, query, mostOthers, signal));
    for (const hit of (await Promise.all(made)).flat()) {
      // Pages with the same URL are one: the better one is shown.
      if (!hits.has(pageUrl(hit.url))) hits.set(pageUrl(hit.url), hit);
    }
  }
  return [...hits.values()];
}

/** The hit of a page: its best section, with the others. None if nothing of it was found. */
async function pageHits(
  words: SiteReader,
  { score, sections }: FoundPage,
  query: string,
  mostOthers: number,
  signal: AbortSignal | undefined,
): Promise<Hit[]> {
  const [best, ...others] = await firstUrls(words, sections(), 1 + mostOthers, signal);
  if (best === undefined) return [];
  const hit = await toHit(words, { ...best, score }, query, signal);
  return [{ ...hit, others: others.map(toOther) }];
}

const toOther = ({ facts, score }: Named): OtherHit => ({
  url: facts.url,
  headings: facts.headings,
  score,
});

/** Sections that are looked at first, for every hit wanted: headings without an id share a URL. */
const SECTIONS_PER_HIT = 20;
const FACTOR = 10;

async function nearestUrls(
  words: SiteReader,
  sections: Found["sections"],
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Named[]> {
  for (let most = limit * SECTIONS_PER_HIT; ; most *= FACTOR) {
    const some = sections(most);
    const named = await firstUrls(words, some, limit, signal);
    if (named.length >= limit || some.length < most) return named;
  }
}

/** The first sections, each URL once: headings without an id share that of their page. */
async function firstUrls(
  words: SiteReader,
  sections: readonly FoundSection[],
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Named[]> {
  const named = new Map<string, Named>();
  for (let next = 0; named.size < limit && next < sections.length;) {
    const some = sections.slice(next, next + limit - named.size);
    next += some.length;
    const all = await words.sections(
      some.map(({ section }) => section),
      signal,
    );
    some.forEach((one, at) => {
      const facts = all[at];
      if (facts !== undefined && !named.has(facts.url)) named.set(facts.url, { ...one, facts });
    });
  }
  return [...named.values()];
}

async function toHit(
  words: SiteReader,
  { facts, score, scores, section }: Named,
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
  words: SiteReader,
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

import type { SectionFacts } from "./section-facts.ts";

/** A section with what is known of it. */
export type Named<Section> = Section & { readonly facts: SectionFacts };

/** Gives what is known of sections, by their numbers. */
export type FactsOf = (numbers: readonly number[]) => Promise<readonly SectionFacts[]>;

interface Numbered {
  readonly section: number;
}

/** Sections that are looked at first, for every one wanted: headings without an id share a URL. */
const SECTIONS_PER_URL = 20;
const FACTOR = 10;

/** The best sections, each URL once. `best` gives so many, best first: it is asked seldom, for many more each time. */
export async function bestUrls<Section extends Numbered>(
  best: (most: number) => readonly Section[],
  limit: number,
  factsOf: FactsOf,
): Promise<Named<Section>[]> {
  for (let most = limit * SECTIONS_PER_URL; ; most *= FACTOR) {
    const some = best(most);
    const named = await firstUrls(some, limit, factsOf);
    if (!(named.length < limit && some.length >= most)) return named;
  }
}

/** The first sections, each URL once: headings without an id share that of their page. */
export async function firstUrls<Section extends Numbered>(
  sections: readonly Section[],
  limit: number,
  factsOf: FactsOf,
): Promise<Named<Section>[]> {
  const named = new Map<string, Named<Section>>();
  for (let next = 0; named.size < limit && next < sections.length;) {
    const some = sections.slice(next, next + limit - named.size);
    next += some.length;
    const all = await factsOf(some.map(({ section }) => section));
    some.forEach((one, at) => {
      const facts = all[at];
      if (facts !== undefined && !named.has(facts.url)) named.set(facts.url, { ...one, facts });
    });
  }
  return [...named.values()];
}

import type { TermSource } from "../ranking/term-source.ts";
import { firstIndex } from "../words/first-index.ts";
import type { Manifest, NamedPart } from "./manifest.ts";
import type { PublishedFiles } from "./published-files.ts";
import { reversed } from "./term-shard.ts";

/** The terms of published files: each question fetches only the shards that can have its words. */
export function publishedTerms(
  { sections, terms, spellings, endings }: Manifest,
  { shards, words }: PublishedFiles,
): TermSource {
  return {
    sectionCount: sections,
    async postings(wanted, signal) {
      const found = await Promise.all(
        wanted.map(async (term) => {
          const part = terms[lastUpTo(terms, term)];
          const shard = part === undefined ? undefined : await shards.get(part.name, signal);
          const postings = shard?.postingsOf(term);
          return postings === undefined ? [] : ([[term, postings]] as const);
        }),
      );
      return new Map(found.flat());
    },
    async startingWith(prefix, signal) {
      const parts = partsWith(terms, prefix);
      const found = await Promise.all(parts.map(({ name }) => shards.get(name, signal)));
      return found.flatMap((shard) => shard.terms.filter(({ term }) => term.startsWith(prefix)));
    },
    async spellings(firstLetter, signal) {
      const part = spellings.find(({ from }) => from === firstLetter);
      return part === undefined ? [] : words.get(part.name, signal);
    },
    async endingWith(ending, signal) {
      const backwards = reversed(ending);
      const parts = partsWith(endings, backwards);
      const found = await Promise.all(parts.map(({ name }) => words.get(name, signal)));
      return found
        .flat()
        .filter(({ term }) => term.length > ending.length && term.startsWith(backwards))
        .map((word) => ({ ...word, term: reversed(word.term) }))
        .sort((one, other) => (one.term < other.term ? -1 : 1));
    },
  };
}

/** The parts that may have terms with a prefix: the first one has them at its end. */
function partsWith(parts: readonly NamedPart[], prefix: string): readonly NamedPart[] {
  const first = Math.max(0, lastUpTo(parts, prefix));
  const rest = parts.slice(first);
  return rest.filter(({ from }, at) => at === 0 || from.startsWith(prefix));
}

/** Place of the last part that begins with a term or before it; -1 if all begin after it. */
const lastUpTo = (parts: readonly NamedPart[], term: string): number =>
  firstIndex(parts.length, (at) => (parts[at]?.from ?? "") > term) - 1;

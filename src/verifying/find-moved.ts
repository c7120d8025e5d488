import { sumOf, type WordCounts } from "./word-counts.ts";

/** The words of a page or of a file. */
export interface NamedWords<Name> {
  readonly name: Name;
  readonly words: WordCounts;
}

/** A match must share this much of both sides' words, counted as often as they occur … */
export const LEAST_LIKENESS = 0.6;
/** … and be better than every other match of either side by this much. */
const MARGIN = 0.2;
/** Pages with fewer words are alike by chance. */
const FEWEST_WORDS = 10;
/** A word in more files does not help to find one. */
const MOST_FILES = 20;
/** How many files each page is compared with word by word. */
const CANDIDATES = 8;

/**
 * Finds pages under another address by their words: file by page. One to one; what is like several
 * others is left out.
 */
export function findMoved<Page, File>(
  pages: readonly NamedWords<Page>[],
  files: readonly NamedWords<File>[],
): Map<Page, File> {
  const candidatesOf = candidateFinder(files);
  const matches = pages
    .filter(({ words }) => sumOf(words) >= FEWEST_WORDS)
    .flatMap((page) =>
      candidatesOf(page.words).map((file) => ({
        page: page.name,
        file: file.name,
        likeness: likenessOf(page.words, file.words),
      })),
    );
  const ofPage = Map.groupBy(matches, ({ page }) => page);
  const ofFile = Map.groupBy(matches, ({ file }) => file);
  const moved = matches.filter((match) => {
    const rivals = [...(ofPage.get(match.page) ?? []), ...(ofFile.get(match.file) ?? [])];
    const isClear = rivals.every(
      (rival) => rival === match || rival.likeness <= match.likeness - MARGIN,
    );
    return match.likeness >= LEAST_LIKENESS && isClear;
  });
  return new Map(moved.map(({ page, file }) => [page, file]));
}

/** Finds the files that share most of a page's rare words. */
function candidateFinder<File>(
  files: readonly NamedWords<File>[],
): (words: WordCounts) => NamedWords<File>[] {
  const filesOfWord = new Map<string, NamedWords<File>[]>();
  for (const file of files) {
    for (const word of file.words.keys()) {
      const known = filesOfWord.get(word);
      if (known === undefined) filesOfWord.set(word, [file]);
      else known.push(file);
    }
  }
  return (words) => {
    const votes = new Map<NamedWords<File>, number>();
    for (const word of words.keys()) {
      const found = filesOfWord.get(word) ?? [];
      if (found.length > MOST_FILES) continue;
      for (const file of found) votes.set(file, (votes.get(file) ?? 0) + 1);
    }
    const best = [...votes].sort(([, one], [, other]) => other - one);
    return best.slice(0, CANDIDATES).map(([file]) => file);
  };
}

/** Share of the words of both sides that the other has, too: 0 to 1. */
function likenessOf(one: WordCounts, other: WordCounts): number {
  let shared = 0;
  for (const [word, count] of one) shared += Math.min(count, other.get(word) ?? 0);
  return (2 * shared) / Math.max(sumOf(one) + sumOf(other), 1);
}

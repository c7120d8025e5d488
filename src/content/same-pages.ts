import { pathOf, type CanonicalAddress } from "./built-addresses.ts";

/** A page that may be a copy of another one. */
export interface ComparedPage extends CanonicalAddress {
  /** What a copy has in common with its page; null: the page has no copy. */
  readonly sameness: string | null;
}

/**
 * Which of the pages with the same content is the page, by what they have in common: the one that most of
 * their canonical addresses name, then the one nearest to the root, then the first.
 */
export function originals(
  pages: readonly ComparedPage[],
  urlOf: (id: string) => string,
): ReadonlyMap<string | null, string> {
  const groups = [...Map.groupBy(pages, ({ sameness }) => sameness)];
  return new Map(
    groups.flatMap(([sameness, same]) => {
      const [first] = same.length === 1 || sameness === null ? same : inOrder(same, urlOf);
      return sameness === null || first === undefined ? [] : [[sameness, first.id] as const];
    }),
  );
}

function inOrder(
  same: readonly CanonicalAddress[],
  urlOf: (id: string) => string,
): readonly CanonicalAddress[] {
  const votes = Map.groupBy(same, ({ canonical }) =>
    canonical === null ? null : pathOf(canonical),
  );
  const votesFor = ({ id }: CanonicalAddress): number => votes.get(pathOf(urlOf(id)))?.length ?? 0;
  return same.toSorted(
    (one, other) => votesFor(other) - votesFor(one) || depthOf(one) - depthOf(other),
  );
}

const depthOf = ({ id }: CanonicalAddress): number => id.split("/").length;

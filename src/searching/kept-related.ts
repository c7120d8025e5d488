import { hash } from "node:crypto";
import { z } from "zod";
import type { IndexReader, PageSummary } from "../store/index-reader.ts";
import { parsedJson } from "../words/json.ts";
import type { PageNeighbours } from "./related.ts";

/** Where related pages are kept between builds. */
export interface RelatedKeeper {
  /** What was written last; null if nothing was, or if it cannot be read. */
  readonly read: () => Promise<string | null>;
  readonly write: (text: string) => Promise<void>;
}

type Summaries = ReadonlyMap<string, PageSummary>;

/** No ids and no titles: those of deleted pages must not outlive them. */
const kept = z.object({
  format: z.literal(1),
  /** Names the build of the index. */
  build: z.string(),
  /** For each page, in order of id: the places of its related pages in that order, with their scores. */
  pages: z.array(z.array(z.tuple([z.int(), z.number()]))),
});

const inOrder = (summaries: Summaries): string[] => [...summaries.keys()].sort();

/** Names a build of an index with these pages, and how many related pages are wanted of it. */
export function nameOfBuild(
  index: string,
  { published }: Pick<IndexReader, "published">,
  summaries: Summaries,
  limit: number,
): string {
  const { publishedAt, version } = published;
  const pages = hash("sha256", JSON.stringify(inOrder(summaries)));
  return JSON.stringify([index, publishedAt, version, pages, limit]);
}

/** Related pages of all pages, in order of id, as they are kept for `neighboursIn`. */
export function textOf(build: string, neighbours: readonly PageNeighbours[]): string {
  const places = new Map(neighbours.map(({ page }, at) => [page, at]));
  const pages = neighbours.map(({ related }) =>
    related.map(({ page, score }): [number, number] => [places.get(page) ?? -1, score]),
  );
  return JSON.stringify({ format: 1, build, pages } satisfies z.infer<typeof kept>);
}

/** The related pages in a text; null if they are of another build. */
export function neighboursIn(
  text: string | null,
  build: string,
  summaries: Summaries,
): PageNeighbours[] | null {
  const { data } = kept.safeParse(parsedJson(text ?? ""));
  if (data?.build !== build) return null;
  const ids = inOrder(summaries);
  const about = (at: number) => {
    const page = ids[at] ?? "";
    const { title = "", url = "" } = summaries.get(page) ?? {};
    return { page, title, url };
  };
  return data.pages.map((related, at) => {
    const { page, url } = about(at);
    return { page, url, related: related.map(([other, score]) => ({ ...about(other), score })) };
  });
}

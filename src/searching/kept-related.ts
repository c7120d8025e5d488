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

/** Ids alone: titles of deleted pages must not outlive them. */
const kept = z.object({
  format: z.literal(1),
  /** Names the build of the index. */
  build: z.string(),
  pages: z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.number()]))])),
});

/** Names a build of an index, and how many related pages are wanted of it. */
export const nameOfBuild = (index: string, { published }: IndexReader, limit: number): string =>
  JSON.stringify([index, published.publishedAt, published.version, limit]);

/** Related pages as they are kept, for `neighboursIn`. */
export const textOf = (build: string, neighbours: readonly PageNeighbours[]): string =>
  JSON.stringify({
    format: 1,
    build,
    pages: neighbours.map(({ page, related }) => [
      page,
      related.map((one) => [one.page, one.score]),
    ]),
  } satisfies z.infer<typeof kept>);

/** The related pages in a text; null if they are of another build. */
export function neighboursIn(
  text: string | null,
  build: string,
  summaries: ReadonlyMap<string, PageSummary>,
): PageNeighbours[] | null {
  const { data } = kept.safeParse(parsedJson(text ?? ""));
  if (data?.build !== build) return null;
  const about = (page: string) => {
    const { title = "", url = "" } = summaries.get(page) ?? {};
    return { page, title, url };
  };
  return data.pages.map(([page, related]) => ({
    page,
    url: about(page).url,
    related: related.map(([other, score]) => ({ ...about(other), score })),
  }));
}

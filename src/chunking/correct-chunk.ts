import type { Corrections } from "../words/corrections.ts";
import { pageUrl } from "../words/page-url.ts";
import type { Chunk, ChunkSection } from "../words/types.ts";

type Addressed = Pick<Chunk, "id" | "page" | "url" | "headings" | "sections">;

/** An anchor by the heading and the anchor that it takes the place of. */
type Anchors = ReadonlyMap<string, string | null>;

const keyOf = ({ anchor, heading }: Pick<ChunkSection, "anchor" | "heading">): string =>
  JSON.stringify([heading, anchor]);

/** The chunk with the addresses that the built site has. Its id stays. */
export function corrected<One extends Addressed>(chunk: One, corrections: Corrections | null): One {
  if (corrections === null) return chunk;
  const anchors = corrections.anchors.map(
    ({ heading, from, to }) => [keyOf({ heading, anchor: from }), to] as const,
  );
  return changed(chunk, corrections.url, new Map(anchors));
}

/** The chunk as it was before `corrected`. */
export function uncorrected<One extends Addressed>(
  chunk: One,
  corrections: Corrections | null,
): One {
  if (corrections === null) return chunk;
  const { url } = corrections;
  const anchors = corrections.anchors.map(
    ({ heading, from, to }) => [keyOf({ heading, anchor: to }), from] as const,
  );
  return changed(chunk, url && { from: url.to, to: url.from }, new Map(anchors));
}

function changed<One extends Addressed>(
  chunk: One,
  url: Corrections["url"],
  anchors: Anchors,
): One {
  const page = pageUrl(chunk.url);
  const place = page === url?.from ? url.to : page;
  const anchor = anchorOf(chunk, anchors);
  const sections = chunk.sections.map((section) => {
    const other = anchors.get(keyOf(section));
    return other === undefined ? section : { ...section, anchor: other };
  });
  return { ...chunk, url: anchor === null ? place : `${place}#${anchor}`, sections };
}

/** The anchor of the heading that names the chunk. */
function anchorOf({ id, page, url, headings, sections }: Addressed, anchors: Anchors) {
  const [, anchor = null] = /#(.*)$/su.exec(url) ?? [];
  const own = sections.find((section) => section.anchor === anchor && anchor !== null);
  const heading = anchor === null ? headings.at(-1) : own?.heading;
  // A chunk that is a whole page has the page's address.
  if (heading === undefined || (anchor === null && id === page)) return anchor;
  const other = anchors.get(keyOf({ heading, anchor }));
  return other === undefined ? anchor : other;
}

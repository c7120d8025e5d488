import type { ByteReader } from "./bytes.ts";

/** What is known of a section without its text. */
export interface SectionHead {
  readonly heading: string | null;
  /** The headings above it, the highest first. */
  readonly trail: readonly string[];
  /** What follows the page's URL: `#anchor`, or nothing; `isWhole`: the whole URL instead. */
  readonly address: string;
  readonly isWhole: boolean;
}

/** How a section's URL is written: a quarter of the bytes of a table would be anchors. */
export const ADDRESS = {
  /** As GitHub and most hosts make it from the heading. */
  slug: 0,
  /** The page's own. */
  page: 1,
  /** With the anchor that is given. */
  anchor: 2,
  /** The whole URL is given. */
  whole: 3,
  /** As VitePress makes it from the heading. */
  dashed: 4,
} as const;

/** How many kinds of addresses there are; a head's kind also says whether it has a heading. */
export const ADDRESS_KINDS = 5;

/**
 * The anchors that hosts make from a heading of ASCII alone: whether other characters are letters depends on
 * a browser's age.
 */
const SLUGS = {
  [ADDRESS.slug]: (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, "")
      .replaceAll(" ", "-"),
  [ADDRESS.dashed]: (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .replace(/^(?=\d)/, "_"),
} as const;

/** How a heading's anchor is written in short; null if it has to be given. */
export function slugKindOf(heading: string, anchor: string): number | null {
  if (!/^[\t\n -~]*$/.test(heading)) return null;
  return (
    ([ADDRESS.slug, ADDRESS.dashed] as const).find((kind) => SLUGS[kind](heading) === anchor) ??
    null
  );
}

/**
 * Reads heads of neighbouring sections: their kinds; how many headings of the section before each trail
 * shares; how many more it has; then the texts of all: further trail, heading, address.
 * @param begins whether a section is the first of its page: it shares no trail
 * @throws RangeError if these are no heads
 */
export function readHeads(
  reader: ByteReader,
  count: number,
  begins: (index: number) => boolean,
): SectionHead[] {
  const kinds = reader.numbers(count);
  const shared = reader.numbers(count);
  const further = reader.numbers(count);
  const texts = reader.texts(reader.number()).values();
  const next = (): string => {
    const { value, done } = texts.next();
    if (done === true) throw new RangeError("A heading is missing.");
    return value;
  };
  let above: readonly string[] = [];
  return Array.from(kinds, (kind, at) => {
    if (begins(at)) above = [];
    const own = Array.from({ length: Math.min(further[at] ?? 0, count + MOST_LEVELS) }, next);
    const trail = [...above.slice(0, shared[at]), ...own];
    const heading = kind >= ADDRESS_KINDS ? next() : null;
    above = heading === null ? trail : [...trail, heading];
    return { heading, trail, ...addressOf(kind % ADDRESS_KINDS, heading, next) };
  });
}

/** More levels than any heading has: a damaged number asks for no memory. */
const MOST_LEVELS = 64;

function addressOf(
  kind: number,
  heading: string | null,
  next: () => string,
): Pick<SectionHead, "address" | "isWhole"> {
  if (kind === ADDRESS.slug || kind === ADDRESS.dashed) {
    return { address: `#${SLUGS[kind](heading ?? "")}`, isWhole: false };
  }
  if (kind === ADDRESS.page) return { address: "", isWhole: false };
  if (kind === ADDRESS.anchor) return { address: `#${next()}`, isWhole: false };
  return { address: next(), isWhole: true };
}

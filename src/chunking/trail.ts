import { headingTrail } from "./embedding-input.ts";
import { tokenUnits, unitsOfTokens } from "./tokens.ts";

export interface Trail {
  readonly title: string;
  readonly headings: readonly string[];
}

/** Marks a shortened name. */
const ELLIPSIS = "…";

/** Cost of the separator between two names. */
const SEPARATOR_UNITS = tokenUnits(" > ");

const isWithin = ({ title, headings }: Trail, units: number): boolean =>
  tokenUnits(headingTrail(title, headings)) <= units;

/** Shortens a name to at most `units`, at a space if possible. */
function shorten(name: string, units: number): string {
  if (tokenUnits(name) <= units) return name;
  const words = name.slice(0, units).split(" ");
  while (words.length > 1 && tokenUnits(words.join(" ") + ELLIPSIS) > units) words.pop();
  let text = words.join(" ");
  while (text.length > 1 && tokenUnits(text + ELLIPSIS) > units) {
    text = text.slice(0, Math.floor(text.length * 0.9));
  }
  return text.replace(/[\uD800-\uDBFF]$/, "") + ELLIPSIS;
}

/**
 * Shortens a trail to a third of the limit, which leaves the rest to the text: drops headings from
 * the middle first, then shortens names. A trail that fits comes back unchanged.
 */
export function fitTrail(trail: Trail, maxTokens: number): Trail {
  const { title } = trail;
  const room = unitsOfTokens(maxTokens) / 3;
  if (isWithin(trail, room)) return trail;
  const headings = [...trail.headings];
  while (headings.length > 1 && !isWithin({ title, headings }, room)) {
    headings.splice(Math.floor((headings.length - 1) / 2), 1);
  }
  if (isWithin({ title, headings }, room)) return { title, headings };
  const share = room / 2 - SEPARATOR_UNITS;
  const short = shorten(title, share);
  const isRepeated = headings[0] === title;
  return {
    title: short,
    headings: isRepeated ? [short] : headings.map((name) => shorten(name, share)),
  };
}

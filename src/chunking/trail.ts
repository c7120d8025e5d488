import { headingTrail } from "./embedding-input.ts";
import { tokenUnits, unitsOfTokens } from "./tokens.ts";

export interface Trail {
  readonly title: string;
  readonly headings: readonly string[];
}

/** Stands for what was left out. */
const ELLIPSIS = "…";

/** Half of what stands between two names. */
const SEPARATOR_UNITS = tokenUnits(" > ");

const isWithin = ({ title, headings }: Trail, units: number): boolean =>
  tokenUnits(headingTrail(title, headings)) <= units;

/** The beginning of a name that costs no more than so much. */
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
 * A trail that leaves at least two thirds of the limit to the text: headings are left out from the
 * middle, then names are cut. Trails of ordinary length come back as they are.
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

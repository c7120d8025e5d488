import type { Element } from "hast";
import { elementsIn, propertyOf, textIn } from "../html/elements.ts";
import { isOut } from "../html/what-is-out.ts";
import type { PageFacts } from "../html/page-facts.ts";
import type { AnchorCorrection } from "../words/corrections.ts";
import type { ChunkSection } from "../words/types.ts";
import { wordsIn } from "./word-counts.ts";
import type { JudgedChunk } from "./words-of-chunks.ts";

/** A heading of a built page. */
interface BuiltHeading {
  readonly key: string;
  /** Null: it has none. */
  readonly id: string | null;
}

const keyOf = (heading: string): string => wordsIn(heading).join(" ");

/**
 * Anchors to correct: headings that the built page has as often as the index, under another id or none.
 * The id that was expected is missing there, or is another heading's.
 */
export function findAnchors(
  chunks: readonly JudgedChunk[],
  { main, ids }: Pick<PageFacts, "main" | "ids">,
): AnchorCorrection[] {
  const built = main === null ? [] : headingsIn(main);
  const builtByKey = Map.groupBy(built, ({ key }) => key);
  const keyOfId = new Map(built.map(({ id, key }) => [id, key]));
  const sections = sectionsIn(chunks);
  const found: AnchorCorrection[] = [];
  const kept = new Set<string>();
  for (const [key, expected] of Map.groupBy(sections, ({ heading }) => keyOf(heading))) {
    const there = key === "" ? [] : (builtByKey.get(key) ?? []);
    const isOneToOne = there.length === expected.length;
    expected.forEach(({ anchor, heading }, at) => {
      const id = isOneToOne ? there[at]?.id : undefined;
      // Of several without an id, nobody could tell later which had which anchor.
      if (id === null && expected.length > 1) return;
      const isWrong = anchor === null || !ids.has(anchor) || (keyOfId.get(anchor) ?? key) !== key;
      if (id !== undefined && id !== anchor && isWrong)
        found.push({ heading, from: anchor, to: id });
      else if (anchor !== null) kept.add(anchor);
    });
  }
  const targets = found.map(({ to }) => to);
  const isOwn = (to: string): boolean =>
    !kept.has(to) && targets.indexOf(to) === targets.lastIndexOf(to);
  return found.filter(({ to }) => to === null || isOwn(to));
}

type NamedSection = Pick<ChunkSection, "anchor"> & { readonly heading: string };

/** The sections of a page in their order. */
function sectionsIn(chunks: readonly JudgedChunk[]): NamedSection[] {
  const sections = new Map<string, ChunkSection & NamedSection>();
  for (const section of chunks.flatMap((chunk) => chunk.sections)) {
    const { anchor, heading, startLine } = section;
    if (heading === null) continue;
    sections.set(JSON.stringify([heading, anchor, startLine]), { ...section, heading });
  }
  return [...sections.values()].sort((one, other) => (one.startLine ?? 0) - (other.startLine ?? 0));
}

/** The headings with their ids: their own, that of an anchor in them, or that of the section they begin. */
function headingsIn(main: Element): BuiltHeading[] {
  const ofSection = new Map<Element, string>();
  const headings: BuiltHeading[] = [];
  for (const element of [main, ...elementsIn(main, isOut)]) {
    const own = idOf(element);
    const first = element.children.find((child) => child.type === "element");
    if (first !== undefined && own !== null) ofSection.set(first, own);
    if (!/^h[1-6]$/u.test(element.tagName)) continue;
    const inner = [...elementsIn(element)].map(idOf).find((id) => id !== null);
    const id = own ?? inner ?? ofSection.get(element) ?? null;
    headings.push({ key: keyOf(textIn(element, isOut)), id });
  }
  return headings;
}

function idOf(element: Element): string | null {
  const name = element.tagName === "a" ? propertyOf(element, "name") : null;
  return propertyOf(element, "id") ?? name;
}

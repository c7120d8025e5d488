import { corrected } from "../chunking/correct-chunk.ts";
import type { PageFacts } from "../html/page-facts.ts";
import type { Corrections } from "../words/corrections.ts";
import type { StoredChunk } from "../store/chunk-index.ts";
import { findAnchors } from "./find-anchors.ts";
import type { PageVerdict } from "./verdict.ts";
import { forgiveTorn, lackingIn, sumOf, wordsIn, type ShownWords } from "./word-counts.ts";
import { wordsOfChunks } from "./words-of-chunks.ts";
import { wordsOfHtml } from "./words-of-html.ts";

/** HTML with less than this share of the chunks' words is drawn by a script, or not where it was looked for. */
const FEWEST_SHARE = 0.5;
/** With fewer words, a share says nothing. */
const FEWEST_WORDS = 100;

/** Whether the words of a page are somewhere else than in its HTML. */
const isElsewhere = (html: ShownWords, chunks: ShownWords): boolean =>
  chunks.required.total > FEWEST_WORDS &&
  html.required.total < chunks.required.total * FEWEST_SHARE;

export interface JudgeOptions {
  /** Whether parts of a section repeat sentences of the part before. */
  readonly hasOverlap: boolean;
  /** Whether anchors may be corrected. */
  readonly mayCorrect: boolean;
  /** The corrections in the published index. */
  readonly before: Corrections | null;
}

/** A page as compared with its HTML. */
export interface Judgement {
  /** Holds once `anchors` are corrected. */
  readonly verdict: PageVerdict;
  readonly anchors: Corrections["anchors"];
  /** The anchors of the published index. */
  readonly anchorsBefore: PageVerdict["anchors"];
}

/** Compares the chunks of a page, as made from its source, with its HTML. */
export function judgePage(
  chunks: readonly StoredChunk[],
  facts: PageFacts,
  { before, hasOverlap, mayCorrect }: JudgeOptions,
): Judgement {
  const html = wordsOfHtml(facts);
  const ours = wordsOfChunks(chunks, { hasMath: html.hasMath, hasOverlap });
  addTitles([facts.title ?? "", ...chunks.map(({ title }) => title)], html, ours);
  const isUnseen = isElsewhere(html, ours);
  const anchors = mayCorrect && !isUnseen ? findAnchors(chunks, facts) : [];
  const missing = lackingIn(ours, html);
  const neverShown = lackingIn(html, ours);
  forgiveTorn(missing, neverShown);
  const verdict: PageVerdict = {
    isUnseen,
    anchors: anchorsOf(chunks, anchors, facts),
    words: { html: html.required.total, chunks: ours.required.total },
    missing: { count: sumOf(missing), words: Object.fromEntries(missing) },
    neverShown: { count: sumOf(neverShown), words: Object.fromEntries(neverShown) },
  };
  const anchorsBefore = anchorsOf(chunks, before?.anchors ?? [], facts);
  return { verdict, anchors, anchorsBefore };
}

/** A page shows its title, or a layout does: neither side needs it. */
function addTitles(titles: readonly string[], ...sides: readonly ShownWords[]): void {
  const distinct = new Map(titles.map(wordsIn).map((words) => [words.join(" "), words]));
  for (const { optional } of sides) {
    for (const words of distinct.values()) optional.add(words);
  }
}

function anchorsOf(
  chunks: readonly StoredChunk[],
  corrections: Corrections["anchors"],
  { ids }: PageFacts,
): PageVerdict["anchors"] {
  const all = new Set<string>();
  for (const chunk of chunks) {
    const { url, sections } = corrected(chunk, { url: null, anchors: corrections });
    const [, own] = /#(.*)$/su.exec(url) ?? [];
    for (const anchor of [own, ...sections.map((section) => section.anchor)]) {
      if (typeof anchor === "string") all.add(anchor);
    }
  }
  return { total: all.size, missing: [...all].filter((anchor) => !ids.has(anchor)) };
}

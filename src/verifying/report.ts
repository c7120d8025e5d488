import type { ResolvedConfig } from "../config/schema.ts";
import type { AnchorCorrection } from "../words/corrections.ts";
import { isCorrected } from "./keep-findings.ts";
import type { SiteFindings } from "./judge-site.ts";
import { expectedUrl, type Finding } from "./site-judge.ts";
import type { PageVerdict } from "./verdict.ts";

/** How much of something is right; `share` is 1 for all of it. */
export interface Figure {
  readonly total: number;
  readonly wrong: number;
  readonly share: number;
}

/** How a page differs from the built site. */
export type DifferenceKind =
  /** Its address leads to no HTML, and no other file has its words. */
  | "no such page"
  /** The site has it at another address. */
  | "rewritten"
  /** The HTML has under half of its words: a script draws it, or it was looked for in the wrong place. */
  | "hardly any HTML"
  /** Neither side has a word. */
  | "empty"
  | "anchors missing"
  | "words missing"
  | "words never shown";

/** A page that differs from the built site. */
export interface PageDifference {
  /** Id of the page. */
  readonly page: string;
  /** Its address in the index. */
  readonly url: string;
  /** Path of its HTML below the built site; null: there is none. */
  readonly file: string | null;
  readonly kinds: readonly DifferenceKind[];
  /** Anchors of the index that the HTML does not have. */
  readonly anchors: readonly string[];
  /** Words of the HTML that no chunk of the page has, and how often they are lacking. */
  readonly missing: Readonly<Record<string, number>>;
  /** Words of its chunks that the HTML does not show. */
  readonly neverShown: Readonly<Record<string, number>>;
}

/** An address that the built site proved wrong. */
export interface UrlCorrection {
  readonly page: string;
  readonly from: string;
  readonly to: string;
}

export interface VerifyReport {
  /** Absolute folder of the built site. */
  readonly site: string;
  /** Pages of the index. */
  readonly pages: number;
  readonly figures: {
    /** Addresses of pages. */
    readonly urls: Figure;
    /** Addresses of sections. */
    readonly anchors: Figure;
    /** Words of the HTML; wrong: those in no chunk of their page. */
    readonly missing: Figure;
    /** Words of chunks; wrong: those that the HTML does not show. */
    readonly neverShown: Figure;
  };
  /** Share of the words of both sides that the other has. */
  readonly agreement: number;
  /** What else to do about the pages that differ; null: nothing. */
  readonly advice: string | null;
  readonly differing: readonly PageDifference[];
  /** HTML files that belong in an index, and that no page of this one has. */
  readonly notIndexed: readonly string[];
  /** What was corrected in the index, and what is no longer. */
  readonly corrections: {
    readonly urls: readonly UrlCorrection[];
    readonly anchors: readonly (AnchorCorrection & { readonly page: string })[];
    /** Pages whose earlier corrections have become wrong. */
    readonly withdrawn: readonly string[];
  };
  /** Why nothing was stored, corrections included; null: everything was. */
  readonly notStored: string | null;
  /** Built pages that were parsed; the verdicts of the others were known. */
  readonly parsed: number;
}

/** Below this agreement, reading the built pages is the better choice. */
const ENOUGH_AGREEMENT = 0.995;

const ADVICE =
  'The site changes its source before it shows it. To index what readers see, set content.from: "html" and content.site, or run `siterag index --site <folder>`.';

/** The report of a verification. Corrections that could not be stored are none. */
export function reportOf(
  findings: SiteFindings,
  notStored: string | null,
  { from, site }: ResolvedConfig["content"],
): VerifyReport {
  const { notIndexed, parsed } = findings;
  const isStored = notStored === null;
  const pages = findings.pages.map((one) => (isStored ? after(one) : before(one)));
  const missing = figure(pages, ({ verdict }) => [verdict?.words.html, verdict?.missing.count]);
  const neverShown = figure(pages, ({ verdict }) => [
    verdict?.words.chunks,
    verdict?.neverShown.count,
  ]);
  const agreement = shareOf(missing.total + neverShown.total, missing.wrong + neverShown.wrong);
  return {
    site: site ?? "",
    pages: pages.length,
    figures: {
      urls: figure(pages, ({ isFound }) => [1, isFound ? 0 : 1]),
      anchors: anchorsOf(pages),
      missing,
      neverShown,
    },
    agreement,
    advice: from === "source" && agreement < ENOUGH_AGREEMENT ? ADVICE : null,
    differing: pages.flatMap(differenceOf),
    notIndexed,
    corrections: isStored
      ? correctionsOf(findings.pages)
      : { urls: [], anchors: [], withdrawn: [] },
    notStored,
    parsed,
  };
}

/** A page as the report has it. */
interface Reported extends Finding {
  /** Whether its address leads to its HTML. */
  readonly isFound: boolean;
}

const after = (finding: Finding): Reported => {
  const { corrections, verdict } = finding;
  const url = corrections?.url?.to ?? expectedUrl(finding);
  const isFound = leadsToFile(finding, corrections);
  return { ...finding, url, anchors: verdict?.anchors ?? null, isFound };
};

const before = (finding: Finding): Reported => {
  return { ...finding, isFound: leadsToFile(finding, finding.before) };
};

const leadsToFile = ({ file, moved }: Finding, corrections: Finding["corrections"]): boolean =>
  file !== null && moved?.to === corrections?.url?.to;

function figure(
  pages: readonly Reported[],
  countsOf: (page: Reported) => readonly [total: number | undefined, wrong: number | undefined],
): Figure {
  let [total, wrong] = [0, 0];
  for (const page of pages) {
    const [all = 0, bad = 0] = countsOf(page);
    [total, wrong] = [total + all, wrong + bad];
  }
  return { total, wrong, share: shareOf(total, wrong) };
}

/** A site may do without anchors. */
function anchorsOf(pages: readonly Reported[]): Figure {
  const found = figure(pages, ({ anchors }) => [anchors?.total, anchors?.missing.length]);
  return found.total === 0 ? { ...found, share: 1 } : found;
}

/** Nothing at all is no agreement. */
const shareOf = (total: number, wrong: number): number =>
  total === 0 ? 0 : (total - wrong) / total;

function differenceOf(page: Reported): PageDifference[] {
  const kinds = kindsOf(page);
  if (kinds.length === 0) return [];
  const { file, url, verdict, anchors } = page;
  return [
    {
      page: page.page,
      url,
      file,
      kinds,
      anchors: anchors?.missing ?? [],
      missing: verdict?.missing.words ?? {},
      neverShown: verdict?.neverShown.words ?? {},
    },
  ];
}

function kindsOf({ anchors, isFound, moved, verdict }: Reported): DifferenceKind[] {
  if (verdict === null) return ["no such page"];
  const kinds: readonly (readonly [DifferenceKind, boolean])[] = [
    ["rewritten", !isFound || moved !== null],
    ["hardly any HTML", verdict.isUnseen],
    ["empty", isEmpty(verdict)],
    ["anchors missing", (anchors?.missing.length ?? 0) > 0],
    ["words missing", !verdict.isUnseen && verdict.missing.count > 0],
    ["words never shown", !verdict.isUnseen && verdict.neverShown.count > 0],
  ];
  return kinds.filter(([, holds]) => holds).map(([kind]) => kind);
}

const isEmpty = ({ words }: PageVerdict): boolean => words.html + words.chunks === 0;

function correctionsOf(pages: readonly Finding[]): VerifyReport["corrections"] {
  const changed = pages.filter(isCorrected);
  return {
    urls: changed.flatMap(({ page, before: known, corrections }) => {
      const url = corrections?.url ?? null;
      return url === null || url.to === known?.url?.to ? [] : [{ page, ...url }];
    }),
    anchors: changed.flatMap(({ page, before: known, corrections }) =>
      (corrections?.anchors ?? [])
        .filter(({ from, to }) => !known?.anchors.some((one) => one.from === from && one.to === to))
        .map((anchor) => ({ page, ...anchor })),
    ),
    withdrawn: changed
      .filter(({ before: known, corrections }) => known !== null && corrections === null)
      .map(({ page }) => page),
  };
}

/** `siterag/reader`: searches the files of a published index, in browsers and in Node. */
export { openReader } from "./open-reader.ts";
export type { ReaderSearch, SiteReader, SuggestOptions } from "./open-reader.ts";
export { ReaderError } from "./reader-error.ts";
export type { ReaderErrorCode } from "./reader-error.ts";
export type { FileSource, ReadOptions } from "./file-source.ts";
export type { ReaderHit } from "./find-hits.ts";
export type { Manifest, NamedPart } from "./manifest.ts";
export type { NumberedSections } from "./numbered-sections.ts";
export type { SectionFacts } from "./section-facts.ts";
export type { RankedSections } from "../ranking/ranked-sections.ts";
export type { RankedPage, RankedSection } from "../ranking/term-source.ts";
export type { ReaderFilter } from "./page-filter.ts";
export type { PageFacts } from "./section-table.ts";
export type { FieldAverages } from "../ranking/section-index.ts";
export type { OtherHit, SearchFilter, Snippet } from "../words/hits.ts";

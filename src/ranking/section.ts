/** A section of a page as the readers' index knows it: a heading with the text up to the next one. */
export interface IndexedSection {
  /** Id of the page: its source path. */
  readonly page: string;
  /** With `#anchor` where the host gives one. Headings without an id share the URL of their page. */
  readonly url: string;
  /** Title of the page. */
  readonly title: string;
  /** The section's own heading; null: the page's beginning. */
  readonly heading: string | null;
  /** The headings above it, the highest first. */
  readonly trail: readonly string[];
  /** Markdown without the section's own heading line; whole, also where it lies in several chunks. */
  readonly text: string;
  readonly locale: string | null;
  readonly version: string | null;
}

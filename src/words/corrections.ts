/** An anchor that the built page gives a heading, where another was expected. */
export interface AnchorCorrection {
  /** Plain text of the heading, as the section has it. */
  readonly heading: string;
  /** The anchor that was expected; null: none. */
  readonly from: string | null;
  /** Null: the page gives the heading none. */
  readonly to: string | null;
}

/** What the built site has proved wrong about the addresses of one page. */
export interface Corrections {
  /** Addresses of the page without anchor; null: the expected one is right. */
  readonly url: { readonly from: string; readonly to: string } | null;
  /** At most one for each heading with its `from`, and for each heading with its `to`. */
  readonly anchors: readonly AnchorCorrection[];
}

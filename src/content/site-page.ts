import type { Page, PageIdentity } from "../words/types.ts";

/** A page of the site that is parsed only if somebody asks for it. */
export interface SitePage {
  readonly id: string;
  readonly identity: PageIdentity;
  /** Reads the page; null: it does not belong in the index. Rejects if its file cannot be read. */
  readonly read: () => Promise<Page | null>;
}

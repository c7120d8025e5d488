import { hash } from "node:crypto";
import { z } from "zod";
import { parsedJson } from "../words/json.ts";
import type { PageIdentity } from "../words/types.ts";
import type { ContentOptions } from "./page-of-file.ts";
import type { PagePlace } from "./page-place.ts";

/** Raise it whenever an unchanged file may give a page of another identity. */
const SOURCE_READING_VERSION = 1;

const identity: z.ZodType<PageIdentity> = z.object({
  contentHash: z.string(),
  url: z.string(),
  title: z.string().nullable(),
  locale: z.string().nullable(),
  version: z.string().nullable(),
  slugger: z.enum(["github", "vitepress", "eleventy", "none"]),
  format: z.enum(["md", "mdx", "html"]),
  host: z.enum(["astro", "docusaurus", "vitepress", "eleventy"]).nullable(),
});

const knownPage = z.object({
  id: z.string(),
  /** Hash of the settings that the identity depends on. */
  rules: z.string(),
  identity,
});

/**
 * A page as an earlier run has read it, of which nothing was to be told. It includes no file and no route
 * makes it, so `identity.contentHash` is the hash of its file.
 */
export type KnownPage = Readonly<z.infer<typeof knownPage>>;

/** What a caller knows of the pages of a site, and wants to know. */
export interface PageMemory {
  readonly known: () => Promise<readonly KnownPage[]>;
  /** Is given the pages that need not be read while their files are unchanged. */
  readonly found: (pages: readonly KnownPage[]) => void;
}

/**
 * By the place of a page: a hash of the settings that its identity may depend on. That is more than it does
 * depend on: other settings are rare, and then all pages are read once.
 */
export function rulesOf(content: ContentOptions): (place: PagePlace) => string {
  const settings = JSON.stringify({ ...content, root: "", routes: {}, site: null });
  return (place) => hash("sha256", JSON.stringify([settings, place]));
}

const stored = z.object({
  reading: z.literal(SOURCE_READING_VERSION),
  pages: z.array(knownPage),
});

/** Pages as the store keeps them, for `pagesFromStore`. */
export const pagesToStore = (pages: readonly KnownPage[]): string =>
  JSON.stringify({ reading: SOURCE_READING_VERSION, pages });

/** The pages of the last run; none if another version of siterag read them. */
export const pagesFromStore = (text: string | null): readonly KnownPage[] =>
  stored.safeParse(parsedJson(text ?? "")).data?.pages ?? [];

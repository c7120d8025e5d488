import { resolve } from "node:path";
import { z } from "zod";
import { isHidden } from "../../content/hidden-pages.ts";
import type { DocusaurusContext } from "./context.ts";
import { versionName } from "./version-name.ts";

/** A page of the site that readers may find. */
interface SitePage {
  /** Absolute path of its Markdown. */
  readonly file: string;
  /** With the base. */
  readonly url: string;
}

/** A folder of docs in one version. */
interface VersionFolder {
  /** Absolute. */
  readonly folder: string;
  /** Null: the docs have no versions. */
  readonly version: string | null;
}

/** What Docusaurus has loaded. */
export interface SiteContent {
  readonly pages: readonly SitePage[];
  readonly folders: readonly VersionFolder[];
  /** The versions that this build has of each instance of docs, by name of the instance. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  /** Addresses of the Markdown pages whose frontmatter keeps them out of every index. */
  readonly hidden: readonly string[];
  /** Addresses of the pages that readers may find, also of those without Markdown. */
  readonly linkable: readonly string[];
  /** Addresses of all pages, also of those that nobody may find. */
  readonly taken: ReadonlySet<string>;
}

/** The part of the context that tells where files and pages are. */
type ContentContext = Pick<DocusaurusContext, "baseUrl" | "siteConfig" | "siteDir">;

/** What Docusaurus hands to `allContentLoaded`: content by the name of the plugin and by its id. */
export type AllContent = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

const PAGE = z.object({
  source: z.string(),
  permalink: z.string(),
  unlisted: z.boolean().default(false),
  frontMatter: z.record(z.string(), z.unknown()).default({}),
});

type LoadedPage = z.infer<typeof PAGE>;

const DOCS = z.object({
  loadedVersions: z.array(
    z.object({
      versionName: z.string(),
      label: z.string(),
      contentPath: z.string(),
      contentPathLocalized: z.string().optional(),
      noIndex: z.boolean().default(false),
      docs: z.array(PAGE),
    }),
  ),
});
const BLOG = z.object({ blogPosts: z.array(z.object({ metadata: PAGE })) });
const PAGES = z.array(
  z.looseObject({ type: z.string(), source: z.string(), permalink: z.string() }),
);
const MARKDOWN_PAGES = z.array(PAGE);

/** Reads what the plugins of Docusaurus for docs, blogs and pages have loaded. */
export function siteContent(allContent: AllContent, context: ContentContext): SiteContent {
  const instances = Object.entries(allContent["docusaurus-plugin-content-docs"] ?? {}).map(
    ([id, content]) => [id, DOCS.parse(content).loadedVersions] as const,
  );
  const versions = instances.flatMap(([, loaded]) => loaded);
  const posts = contentsOf(allContent, "docusaurus-plugin-content-blog").flatMap((content) =>
    BLOG.parse(content).blogPosts.map(({ metadata }) => metadata),
  );
  const own = contentsOf(allContent, "docusaurus-plugin-content-pages").flatMap((content) =>
    PAGES.parse(content),
  );
  const markdown = MARKDOWN_PAGES.parse(own.filter(({ type }) => type === "mdx"));
  const docsOf = (some: typeof versions) => some.flatMap((version) => version.docs);
  const written = [...docsOf(versions), ...posts, ...markdown];
  const indexed = [...docsOf(versions.filter(({ noIndex }) => !noIndex)), ...posts, ...markdown];
  const findable = indexed.filter((page) => !page.unlisted && !isHiddenPage(page));
  return {
    pages: findable.map((page) => sitePage(page, context)),
    folders: instances.flatMap(([id, ofInstance]) =>
      ofInstance.flatMap((version) => {
        const { contentPath, contentPathLocalized = contentPath } = version;
        const name = versionName(id, version.label, isVersioned(ofInstance));
        return [...new Set([contentPath, contentPathLocalized])].map((folder) => ({
          folder: resolve(context.siteDir, folder),
          version: name,
        }));
      }),
    ),
    versions: new Map(
      instances.map(([id, ofInstance]) => [id, ofInstance.map(({ versionName: name }) => name)]),
    ),
    hidden: written.filter(isHiddenPage).map(({ permalink }) => permalink),
    linkable: [...findable, ...own.filter(({ type }) => type !== "mdx")].map(
      ({ permalink }) => permalink,
    ),
    taken: new Set([...written, ...own].map(({ permalink }) => permalink)),
  };
}

const contentsOf = (allContent: AllContent, plugin: string): readonly unknown[] =>
  Object.values(allContent[plugin] ?? {}).filter(
    // A blog that is off has none.
    (content) => content !== undefined && content !== null,
  );

const isVersioned = (versions: readonly { readonly versionName: string }[]): boolean =>
  versions.some(({ versionName: name }) => name !== "current");

const isHiddenPage = ({ frontMatter }: LoadedPage): boolean =>
  isHidden({ data: frontMatter, unread: "" });

const sitePage = ({ permalink, source }: LoadedPage, context: ContentContext): SitePage => ({
  file: fileOf(source, context),
  url: addressOf(permalink, context),
});

/** What Docusaurus calls the folder of the site. */
const SITE_ALIAS = "@site/";

/** The file that Docusaurus calls `@site/docs/install.md`. */
function fileOf(source: string, { siteDir }: ContentContext): string {
  return resolve(siteDir, source.startsWith(SITE_ALIAS) ? source.slice(SITE_ALIAS.length) : source);
}

/** The address of a page, percent-encoded, with or without a slash at its end as Docusaurus links to it. */
export function addressOf(
  permalink: string,
  { baseUrl, siteConfig }: Omit<ContentContext, "siteDir">,
): string {
  const { pathname } = new URL(permalink, "http://site");
  const { trailingSlash } = siteConfig;
  if (trailingSlash === undefined || pathname === baseUrl) return pathname;
  const bare = pathname.replace(/(?<=.)\/$/u, "");
  return trailingSlash ? `${bare}/` : bare;
}

import { isRecord } from "../../words/is-record.ts";

/** An integration as another one sees it. */
export interface OtherIntegration {
  readonly name: string;
  readonly hooks?: object;
}

/**
 * Keeps pages out of what `@astrojs/sitemap` writes, which does not look whether a page says `noindex`. It takes
 * pages from two hooks.
 * @param paths `search`, `ja/search`
 */
export function leaveOutOfSitemap(
  integrations: readonly OtherIntegration[],
  paths: readonly string[],
): void {
  const left = new Set(paths);
  for (const { hooks, name } of integrations) {
    if (name !== "@astrojs/sitemap" || !isRecord(hooks)) continue;
    withoutPages(hooks, "astro:routes:resolved", "routes", left);
    withoutPages(hooks, "astro:build:done", "pages", left);
  }
}

function withoutPages(
  hooks: Record<string, unknown>,
  hook: string,
  list: "pages" | "routes",
  left: ReadonlySet<string>,
): void {
  const own = hooks[hook];
  if (typeof own !== "function") return;
  hooks[hook] = (given: Readonly<Record<string, unknown>>): unknown => {
    const all: readonly unknown[] = Array.isArray(given[list]) ? given[list] : [];
    const others = all.filter((one) => !left.has(pathOf(one)));
    return Reflect.apply(own, hooks, [{ ...given, [list]: others }]);
  };
}

const pathOf = (page: unknown): string =>
  isRecord(page) && typeof page["pathname"] === "string"
    ? page["pathname"].replaceAll(/^\/+|(?:\.html)?\/*$/gu, "")
    : "";

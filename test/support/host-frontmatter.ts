import { parseFrontmatter } from "@astrojs/internal-helpers/frontmatter";
import matterOf11ty from "@11ty/gray-matter";
import matter from "gray-matter";

/** Stands for code in the frontmatter, which no test runs. */
const code = () => ({ code: "not run" });
const engines = { javascript: code, jsLegacy: code };

/** The frontmatter that each host reads from a source, with its parser and that parser's settings. */
export const HOST_PARSERS: Readonly<Record<string, (source: string) => unknown>> = {
  astro: (source) => parseFrontmatter(source).frontmatter,
  vitepress: (source) => matter(source, { engines }).data,
  docusaurus: (source) => matterOf11ty(source, { engines }).data,
  eleventy: (source) => matterOf11ty(source, { engines }).data,
};

/** What a host reads, as JSON; "error" if its build stops at the page. */
export function answerOf(host: string, source: string): unknown {
  try {
    return JSON.parse(JSON.stringify(HOST_PARSERS[host]?.(source) ?? {}));
  } catch {
    return "error";
  }
}

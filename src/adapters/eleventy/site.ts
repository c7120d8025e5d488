import type { SiteragConfig } from "../../providers/load-config.ts";
import { wayFrom } from "../../words/slashed-path.ts";
import type { Logger } from "../../words/types.ts";
import { basePath } from "../base-path.ts";
import type { HostSite } from "../host-site.ts";
import type { BuildEvent, EleventyConfig } from "./config.ts";

/**
 * The site as Eleventy sees it. Its folder is the one that Eleventy was started in.
 * @param leftBehind hashes of the paths of files that are no pages: see `content.leftBehind`
 */
export const eleventySite = (
  eleventy: EleventyConfig,
  options: SiteragConfig,
  build: BuildEvent,
  leftBehind: readonly string[] = [],
): HostSite => ({
  host: "eleventy",
  root: process.cwd(),
  options,
  found: foundInEleventy(eleventy, build, leftBehind),
  logger: loggerOf(eleventy),
  environment: process.env,
});

/** What Eleventy's configuration says about the pages of a site. */
function foundInEleventy(
  eleventy: EleventyConfig,
  { directories }: BuildEvent,
  leftBehind: readonly string[],
): SiteragConfig {
  return {
    content: {
      // Any template may make a page, and any plugin may change it.
      from: "html",
      root: fromRoot(directories.input),
      site: fromRoot(directories.output),
      baseUrl: basePath(eleventy.pathPrefix),
      pathStyle: "eleventy",
      // That plugin gives headings their ids.
      slugger: eleventy.hasPlugin("IdAttributePlugin") ? "eleventy" : "none",
      leftBehind,
    },
  };
}

const fromRoot = (folder: string): string => wayFrom(process.cwd(), folder);

/** Warnings are shown also if Eleventy is to be quiet. */
export const loggerOf = ({ logger }: EleventyConfig): Logger => ({
  info: (line) => logger.log(`siterag: ${line}`),
  warn: (line) =>
    logger.logWithOptions({
      message: `siterag: ${line}`,
      type: "warn",
      color: "yellow",
      force: true,
    }),
});

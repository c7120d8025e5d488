import { resolve } from "node:path";
import type { SiteragConfig } from "../../providers/load-config.ts";
import { count } from "../../words/amounts.ts";
import { nameBelow, nameOf } from "../page-name.ts";
import { orWarn } from "../build-work.ts";
import { startBuild, lastResults, type SiteBuild } from "../site-build.ts";
import { startDev, type DevSite } from "../site-dev.ts";
import { NO_RESULTS, type SiteResults } from "../site-results.ts";
import type { BuildEvent, BuiltEvent, EleventyConfig } from "./config.ts";
import { leftBehind, leftBehindBefore } from "./left-behind.ts";
import { eleventySite, loggerOf } from "./site.ts";
import { writeStyleSheet } from "./style-sheet.ts";
import { pagesBelow } from "./written-files.ts";

/** The work of siterag in one run of Eleventy, which may build a site again and again. */
export class SiteWork {
  readonly #eleventy: EleventyConfig;
  readonly #options: SiteragConfig;
  #build: SiteBuild | null = null;
  /** What the last index says, for runs that make none. */
  #last: SiteResults | null = null;
  /** Null: no server. */
  #dev: DevSite | null = null;
  #copied: Readonly<Record<string, string>> = {};
  #urls: readonly string[] = [];
  /** Names of the pages that templates make and readers may find. */
  #shown: ReadonlySet<string> = new Set();

  /** `isHidden` says whether a page is in no index, by its address and the input path of its template. */
  constructor(
    eleventy: EleventyConfig,
    options: SiteragConfig,
    isHidden: (url: string, inputPath: string) => boolean,
  ) {
    this.#eleventy = eleventy;
    this.#options = options;
    eleventy.on("eleventy.before", (event) => this.#before(event));
    eleventy.on("eleventy.contentMap", ({ urlToInputPath }) => {
      this.#urls = Object.keys(urlToInputPath);
      const shown = Object.entries(urlToInputPath).filter(
        ([url, made]) => !isHidden(url, made.inputPath),
      );
      this.#shown = new Set(shown.map(([url]) => nameOf(url)));
    });
    eleventy.on("eleventy.passthrough", ({ map }) => {
      this.#copied = map;
    });
    eleventy.on("eleventy.after", (event) => this.#after(event));
    eleventy.on("eleventy.reset", () => this.#dev?.close());
  }

  /** What templates can show: the newest. */
  get results(): SiteResults {
    const newest = this.#dev?.results;
    if (newest !== undefined && newest.pages.length > 0) return newest;
    return this.#build?.results ?? this.#last ?? NO_RESULTS;
  }

  /**
   * Whether a page of the results, by its address, is one of this build too: since the last index was made, its
   * author may have deleted it, or made it a draft.
   */
  readonly shows = (url: string): boolean => this.#shown.has(nameBelow(url, this.results.baseUrl));

  /** A file of the search in a server; null: there is none of that name. */
  readonly file = async (name: string): Promise<Uint8Array | null> =>
    (await this.#dev?.file(name)) ?? null;

  async #before(event: BuildEvent): Promise<void> {
    const known = await leftBehindBefore(process.cwd());
    const site = eleventySite(this.#eleventy, this.#options, event, known);
    if (event.runMode !== "build") {
      // The server says what is wrong with the configuration.
      this.#last ??= await lastResults(site).catch(() => NO_RESULTS);
    } else if (event.outputMode !== "fs" || isAsked("dryrun")) this.#last = await lastResults(site);
    else this.#build = await startBuild(site);
  }

  async #after(event: BuiltEvent): Promise<void> {
    if (event.runMode !== "build") await this.#serve(event);
    else if (this.#build !== null && event.outputMode === "fs" && !this.#isDry(event)) {
      await this.#finish(this.#build, event);
    }
  }

  async #serve(event: BuiltEvent): Promise<void> {
    if (this.#dev !== null) {
      this.#dev.changed();
      return;
    }
    const outDir = resolve(event.directories.output);
    const left = this.#isWhole(event)
      ? await leftBehind(outDir, pagesBelow(outDir, event.results), this.#copied)
      : await leftBehindBefore(process.cwd());
    this.#dev = await startDev(eleventySite(this.#eleventy, this.#options, event, left));
  }

  async #finish(build: SiteBuild, event: BuiltEvent): Promise<void> {
    const { config, results } = build;
    const outDir = resolve(event.directories.output);
    const pages = pagesBelow(outDir, event.results);
    if (this.#isWhole(event)) {
      const left = await leftBehind(outDir, pages, this.#copied);
      if (left.length > 0) loggerOf(this.#eleventy).info(leftSentence(left.length));
      await build.finish({ outDir, leftBehind: left });
    } else await build.finish({ outDir, only: pages, isPartial: true });
    if (config === null || results.related === 0) return;
    const work = { config, logger: loggerOf(this.#eleventy) };
    await orWarn(work, writeStyleSheet(outDir), WITHOUT_STYLE, null);
  }

  /** A dry run has pages and writes none of them; no event tells it before. */
  #isDry({ results }: BuiltEvent): boolean {
    return results.length === 0 && this.#urls.length > 0;
  }

  /** Whether a build has made all pages of the site. */
  #isWhole({ directories, incremental, results }: BuiltEvent): boolean {
    if (isAsked("formats") || directories.inputFile) return false;
    const built = new Set(results.map(({ url }) => url));
    return !incremental || this.#urls.every((url) => built.has(url));
  }
}

const WITHOUT_STYLE = "The related pages have no style sheet";

const leftSentence = (files: number): string =>
  `${count(files, "file")} of HTML in the folder of the built site ${files === 1 ? "is" : "are"} of earlier builds, and no part of the search; to be rid of such files, delete the folder before a build`;

/** Whether Eleventy was started with an option, which no event tells. */
const isAsked = (option: string): boolean =>
  process.argv.some((given) => given === `--${option}` || given.startsWith(`--${option}=`));

/** The part of Eleventy's configuration that siterag uses, in versions 3 and 4. */
export interface EleventyConfig {
  /** What every URL of the site starts with: `/docs/`. */
  readonly pathPrefix?: string;
  readonly logger: EleventyLogger;
  on<Name extends keyof EleventyEvents>(
    name: Name,
    listener: (event: EleventyEvents[Name]) => unknown,
  ): unknown;
  addPreprocessor(
    name: string,
    extensions: string,
    callback: (data: TemplateData) => void,
  ): unknown;
  addTransform(
    name: string,
    callback: (this: { readonly page: TemplatePage }, content: unknown) => unknown,
  ): unknown;
  addAsyncFilter(
    name: string,
    filter: (url: unknown, limit?: unknown) => Promise<unknown>,
  ): unknown;
  addShortcode(
    name: string,
    shortcode: (this: TemplateContext, ...given: readonly unknown[]) => string,
  ): unknown;
  addGlobalData(name: string, data: () => unknown): unknown;
  getFilter(name: string): unknown;
  hasPlugin(name: string): boolean;
  setServerOptions(options: { readonly middleware: readonly unknown[] }): unknown;
}

interface EleventyLogger {
  log(message: string): void;
  logWithOptions(options: {
    readonly message: string;
    readonly type: "warn";
    readonly color: string;
    readonly force: boolean;
  }): void;
}

/** What Eleventy tells, by the names of its events. */
interface EleventyEvents {
  readonly "eleventy.before": BuildEvent;
  readonly "eleventy.after": BuiltEvent;
  /** What is copied: input paths by the addresses that they get. */
  readonly "eleventy.passthrough": { readonly map: Readonly<Record<string, string>> };
  /** All pages of the site, also those that an incremental build does not render. */
  readonly "eleventy.contentMap": {
    readonly urlToInputPath: Readonly<Record<string, { readonly inputPath: string }>>;
  };
  /** The configuration is read again, in a server. */
  readonly "eleventy.reset": undefined;
}

/** A build that begins. */
export interface BuildEvent {
  /** Relative to the working folder. */
  readonly directories: {
    readonly input: string;
    /** If a single file is built. */
    readonly inputFile?: string | undefined;
    readonly output: string;
  };
  readonly runMode: "build" | "serve" | "watch";
  /** `fs`: pages are written; else they are printed. */
  readonly outputMode: string;
  readonly incremental: boolean;
}

/** A build that has written its pages. */
export interface BuiltEvent extends BuildEvent {
  readonly results: readonly BuiltPage[];
}

/** A page that a build has written. */
export interface BuiltPage {
  readonly url: string | false;
  /** Relative to the working folder. */
  readonly outputPath: string | false;
}

/** All data of a template, before those that are computed. */
export interface TemplateData extends Record<string, unknown> {
  readonly page: TemplatePage;
  eleventyComputed?: { readonly page?: ComputedPage };
}

/** A page as templates see it. */
interface TemplatePage {
  readonly inputPath: string;
  readonly outputPath: string | false;
  /** Missing until Eleventy has computed it. */
  readonly url?: string | false;
  /** Is added by siterag. */
  isHiddenFromSiterag?: IsHidden | undefined;
}

interface ComputedPage {
  readonly isHiddenFromSiterag?: (data: TemplateData) => IsHidden;
}

/** To be asked when Eleventy has computed all data of a page. */
export type IsHidden = () => boolean;

/** What a shortcode knows of the page that it is used in. */
export interface TemplateContext {
  readonly page?: { readonly url?: string | false; readonly lang?: unknown };
  /** All data of the page: as they are, or behind a function in Liquid. */
  readonly ctx?: object;
}

/** The vocabulary of siterag: one word for each thing. Plain read-only data, no behaviour. */
/** How a host turns heading text into an `id` attribute; `none`: headings get no id. */
export type SluggerName = "github" | "vitepress" | "eleventy" | "none";

/** The site generator of a page: it decides how Markdown is read. */
export type HostName = "astro" | "docusaurus" | "vitepress" | "eleventy";

/** The grammars of Markdown; `mdx` has JSX and expressions. */
export type MarkdownGrammar = "md" | "mdx";

/** One document as a host sees it: its source, or the page that the host built. */
export interface Page {
  /** Path relative to the folder of the pages, with forward slashes: `guide/install.md`. */
  readonly id: string;
  /** Address of the rendered page, base URL included, without `#anchor`. */
  readonly url: string;
  /** Title from the frontmatter or the host; null if neither has one (then it is the first `#` heading). */
  readonly title: string | null;
  /**
   * Markdown after the frontmatter, without a BOM, and with the text of the files that it includes; of a
   * built page, the HTML of its main content.
   */
  readonly body: string;
  /** 1-based line of the source file on which `body` begins. */
  readonly bodyLine: number;
  /** Source line of each line of `body`, if it includes other files: theirs is that of the include. */
  readonly sourceLines?: readonly number[];
  /** The grammar with which the host reads the page; `html`: a page that the host built. */
  readonly format: MarkdownGrammar | "html";
  readonly frontmatter: Readonly<Record<string, unknown>>;
  readonly locale: string | null;
  readonly version: string | null;
  readonly slugger: SluggerName;
  /** Null: the generator is not known. */
  readonly host: HostName | null;
  /**
   * sha-256 (hex) over the bytes of the page and of everything it includes; of a built page, over what
   * counts of its HTML.
   */
  readonly contentHash: string;
}

/** What tells a page from what it was, as far as that is known before it is parsed. */
export type PageIdentity = Pick<
  Page,
  "contentHash" | "url" | "title" | "locale" | "version" | "slugger" | "format" | "host"
>;

/** A heading and the text below it, or the text above a page's first heading. */
export interface ChunkSection {
  /** Plain text of the heading; null above the first one. */
  readonly heading: string | null;
  /** The headings above it as plain text, outermost first. */
  readonly trail: readonly string[];
  /** The id that the host gives the heading; null if it gives none. */
  readonly anchor: string | null;
  /** 1-based line of the heading in the source file; null for a built page. */
  readonly startLine: number | null;
  /** Where the section begins in the chunk's text, in UTF-16 units. */
  readonly offset: number;
}

/** A piece of one page: a section, a part of a long one, or several small neighbours. */
export interface Chunk {
  /** Unique in the site; edits elsewhere do not change it: `guide/install.md#usage`, later parts `…~2`. */
  readonly id: string;
  /** Id of the page it belongs to. */
  readonly page: string;
  /** Page URL, with `#anchor` when the host gives the chunk's heading an id. */
  readonly url: string;
  /** Title of the page. */
  readonly title: string;
  /** Heading trail as embedded: plain text, outermost first; the chunk's own heading is the last. */
  readonly headings: readonly string[];
  /** Display text: Markdown. */
  readonly text: string;
  /** Its sections, in the order of the text. The first begins at 0, also if it began in an earlier chunk. */
  readonly sections: readonly ChunkSection[];
  /** Estimated tokens of the embedding input; rarely below the real count. */
  readonly tokens: number;
  /**
   * 1-based first and last line in the page's file; included text has the line of the include. Null for a
   * built page.
   */
  readonly startLine: number | null;
  readonly endLine: number | null;
  readonly locale: string | null;
  readonly version: string | null;
}

/** What makes vectors comparable. An index never mixes vectors of two spaces. */
export interface EmbeddingSpace {
  readonly provider: string;
  readonly model: string;
  /** Length of every vector. 0: there are none. */
  readonly dimensions: number;
  /** Name of the form that tells the model its task; part of every fingerprint. */
  readonly taskForm: string;
}

/** Hex sha-256 over provider, model, dimensions, task form and embedding input. */
export type Fingerprint = string;

/** What a vector is for, in Gemini's words: https://ai.google.dev/gemini-api/docs/embeddings. */
export type TaskType =
  | "RETRIEVAL_DOCUMENT"
  | "RETRIEVAL_QUERY"
  | "SEMANTIC_SIMILARITY"
  | "CLASSIFICATION"
  | "CLUSTERING"
  | "CODE_RETRIEVAL_QUERY"
  | "QUESTION_ANSWERING"
  | "FACT_VERIFICATION";

/** What a request is for; `rag_query` and `quick_enrichment` never wait for a batch job. */
export type Purpose = "index" | "rag_query" | "quick_enrichment";

/** A text to embed, before the client puts it into the model's form. */
export interface EmbeddingInput {
  /** What the text is about, such as a heading trail; null if unknown. */
  readonly title: string | null;
  readonly text: string;
}

/** One text to embed. */
export interface EmbeddingRequest {
  readonly text: string;
  /** What the text is about; used for documents only. */
  readonly title?: string;
  /** The caller's own name for the request; the result repeats it. */
  readonly tag?: string;
  /** Default `RETRIEVAL_DOCUMENT`. */
  readonly taskType?: TaskType;
  readonly purpose?: Purpose;
  readonly urgent?: boolean;
}

/** How one text is embedded. */
export type Route = "cache" | "individual" | "batch";

/**
 * A text without an answer. A pending one is in the batch job of that name, or, without one, waits
 * for a later run; `reason` is a sentence, and `error` says what kept the text from being sent.
 */
export type Unfinished =
  | {
      readonly status: "pending";
      readonly job: string | null;
      readonly reason: string;
      readonly error?: Error;
    }
  | { readonly status: "failed"; readonly error: Error };

/** The outcome of one text that was sent for an `Output`. */
export type Result<Output> =
  | ({ readonly status: "ok"; readonly route: Route } & Output)
  | Unfinished;

/** What embedding a text gives: a vector of unit length. */
export interface Embedded {
  readonly vector: Float32Array;
}

/** The outcome of one request. Results keep number and order of the requests, and their tags. */
export type EmbeddingResult = Result<Embedded> & { readonly tag?: string };

/** The source of time; tests pass a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason if that is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where log lines go; without a logger, siterag is silent. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  /** Says what the work waits for. Absent: `info` does. */
  wait?(message: string): void;
}

/**
 * The progress of a run. `total` is null while it is unknown. `read` with 0 `done`: the files of the site are found
 * next. `files`: of the readers' index, so many are written. `merge`: all rows are written; LanceDB merges their files
 * and indexes their vectors next.
 */
export interface Progress {
  readonly phase: "read" | "enrich" | "embed" | "write" | "files" | "merge";
  readonly done: number;
  readonly total: number | null;
}

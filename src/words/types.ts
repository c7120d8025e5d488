/** The vocabulary of siterag: one word for each thing. Plain read-only data, no behaviour. */
/** How a host turns heading text into an `id` attribute; `none`: headings get no id. */
export type SluggerName = "github" | "vitepress" | "eleventy" | "none";

/** One source document as a host sees it. */
export interface Page {
  /** Source path relative to the content root, with forward slashes: `guide/install.md`. */
  readonly id: string;
  /** Address of the rendered page, base URL included, without `#anchor`. */
  readonly url: string;
  /** Title from the frontmatter or the host; null if neither has one (the first heading is used). */
  readonly title: string | null;
  /** Markdown after the frontmatter, without a BOM; line ends as in the file. */
  readonly body: string;
  /** 1-based line of the source file on which `body` begins. */
  readonly bodyLine: number;
  /** The grammar with which the host reads the page. */
  readonly format: "md" | "mdx";
  readonly frontmatter: Readonly<Record<string, unknown>>;
  readonly locale: string | null;
  readonly version: string | null;
  readonly slugger: SluggerName;
  /** sha-256 (hex) over the bytes of the page and of everything it includes. */
  readonly contentHash: string;
}

/** A piece of one page under one heading. */
export interface Chunk {
  /** Unique in the site; edits elsewhere do not change it: `guide/install.md#usage`, later parts `…~2`. */
  readonly id: string;
  /** Id of the page it belongs to. */
  readonly page: string;
  /** Page URL, with `#anchor` when the host gives the chunk's heading an id. */
  readonly url: string;
  /** Title of the page. */
  readonly title: string;
  /** Heading trail as plain text, outermost first; the chunk's own heading is the last. */
  readonly headings: readonly string[];
  /** Display text: Markdown. */
  readonly text: string;
  /** Estimated tokens of the embedding input; rarely below the real count. */
  readonly tokens: number;
  /** 1-based first and last line in the source file. */
  readonly startLine: number;
  readonly endLine: number;
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

/** The progress of a run. `total` is null while it is unknown. */
export interface Progress {
  readonly phase: "read" | "enrich" | "embed" | "write";
  readonly done: number;
  readonly total: number | null;
}

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
  /** Length of every vector. */
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

/** What the user chose. */
export type Strategy = "auto" | "batch" | "individual";

/** How a strategy is carried out for one set of texts. */
export type ResolvedStrategy = "none" | Road;

/** How a set of texts is sent: `hybrid` sends some in calls and the rest in a job. */
export type Road = "individual" | "hybrid" | "batch";

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

/** What to do with a job that is not finished at the deadline. */
export type OnDeadline = "defer" | "individual" | "fail";

/** A text to send as the planner sees it: no words, only what decides its route. */
export interface PlanItem {
  readonly fingerprint: Fingerprint;
  /** Estimated tokens of the embedding input. */
  readonly tokens: number;
  /** Length of the embedding input as UTF-8. */
  readonly bytes: number;
  readonly page: string;
  /** Somebody waits for it: a hybrid plan sends it in a call. */
  readonly urgent?: boolean;
  /** Default: the purpose of the set. */
  readonly purpose?: Purpose;
  /** Default `RETRIEVAL_DOCUMENT`. Texts of two tasks never share a call or a job. */
  readonly taskType?: TaskType;
}

/** A text and its outcome. */
export interface SettledItem<Output = Embedded> {
  readonly item: PlanItem;
  readonly result: Result<Output>;
}

/** A batch job in the store's ledger that has not been collected yet. */
export interface JobRecord {
  /** Hash of the job's fingerprints: one piece of work, one display name. */
  readonly displayName: string;
  /** The service's name for it; null until the service has reported it. */
  readonly name: string | null;
  /** Fingerprints of its texts: the keys of its rows. */
  readonly fingerprints: readonly Fingerprint[];
  /** Estimated tokens of its texts as they are sent. */
  readonly tokens: number;
  /** The index it was created for; any run on this store may collect it. */
  readonly index: string;
  /** Unique id of the run that creates it. */
  readonly owner: string;
  /** Other jobs with this display name that must not be mistaken for it: forgotten or empty ones. */
  readonly skipped: readonly string[];
  /** Until this time its owner may still be creating it. Milliseconds since the epoch. */
  readonly leaseUntil: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The space of its vectors. */
  readonly space: EmbeddingSpace;
}

/** Estimated time and cost of one road. */
export interface Estimate {
  readonly calls: number;
  readonly jobs: number;
  readonly texts: number;
  /** Tokens that the model reads. */
  readonly tokens: number;
  /** Null: the prices are not known. */
  readonly costUsd: number | null;
  readonly seconds: number;
}

/** The whole decision as plain data; execution makes none of its own. */
export interface Plan {
  readonly strategy: Strategy;
  readonly resolved: ResolvedStrategy;
  /** One sentence for the log: what was decided and why. */
  readonly reason: string;
  /** Packs of texts, each sent as one individual call. */
  readonly calls: readonly (readonly PlanItem[])[];
  /** Packs of texts, each sent as one batch job. */
  readonly jobs: readonly (readonly PlanItem[])[];
  readonly estimate: Estimate;
  /** Estimates of each road for the same texts; null where the provider has no such road. */
  readonly alternatives: Readonly<Record<Road, Estimate | null>>;
}

/** Tokens that a model reads and writes; embedding a text writes none. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** What was really sent, and what it cost. */
export interface Usage {
  /** Calls sent, retries included. */
  readonly calls: number;
  /** Batch jobs created. */
  readonly jobs: number;
  /** Texts sent in this run; neither cached nor collected ones count. */
  readonly texts: number;
  /** Texts sent again because an answer was lost; they may be charged twice. */
  readonly textsRepeated: number;
  /** How many of `calls` are retries. */
  readonly retries: number;
  /** `inputTokens` and `outputTokens` together. */
  readonly tokens: number;
  /** As the service counts them, else estimated. What a job writes counts when its rows are read. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null: a price is not known. */
  readonly costUsd: number | null;
  /** Texts that needed no sending. */
  readonly cacheHits: number;
}

/** The part of `Usage` that says something of texts that a model writes. */
export type GenerationUsage = Pick<
  Usage,
  "calls" | "jobs" | "retries" | "inputTokens" | "outputTokens" | "costUsd"
>;

/** Usage of texts that could have gone as calls or as jobs. */
export interface SetUsage extends GenerationUsage {
  /** Cost beyond what batch jobs alone would have cost; null if the prices are not known. */
  readonly costAboveAlwaysBatchUsd: number | null;
}

/** Sentences of context in a run. */
export interface Enrichment extends SetUsage {
  /** Sentences received, those from jobs of earlier runs included. */
  readonly sentences: number;
  /** Estimated time of batch jobs alone, minus the time taken. */
  readonly secondsSavedAgainstAlwaysBatch: number;
}

/** How sentences of context will be written. */
export interface SentencePlan
  extends Pick<Plan, "resolved" | "reason">, Pick<Estimate, "calls" | "jobs">, SentenceEstimate {
  readonly sentences: number;
  /** Estimated tokens of the prompts. */
  readonly inputTokens: number;
  /** Estimated tokens of the sentences; the model's thinking tokens come on top. */
  readonly outputTokens: number;
  /** Estimates for the same sentences as calls only and as jobs only; null where that is impossible. */
  readonly alternatives: Readonly<Record<"individual" | "batch", SentenceEstimate | null>>;
}

/** Estimated time and cost of sentences. */
export type SentenceEstimate = Pick<Estimate, "costUsd" | "seconds">;

/** A chunk as stored. `vector` is null while the row is pending and has no old vector to serve. */
export interface Row extends Chunk {
  readonly fingerprint: Fingerprint;
  /** Fingerprint of the stored vector; differs from `fingerprint` while the row is pending. */
  readonly vectorFingerprint: Fingerprint | null;
  /** Of unit length; `dimensions` numbers. */
  readonly vector: Float32Array | null;
}

export type SearchMode = "hybrid" | "vector" | "text";

/** A chunk as found. */
export interface Hit extends Pick<Chunk, "url" | "page" | "title" | "headings" | "text"> {
  /** Higher is better. Only comparable within one answer. */
  readonly score: number;
  readonly snippet: Snippet;
  readonly scores: HitScores;
  /** If grouped by page: the other hits on the same page, best first. */
  readonly others?: readonly OtherHit[];
}

/** A passage of a hit's text as one line of plain text. */
export interface Snippet {
  readonly text: string;
  /** Start and end of each word that matches the query, in UTF-16 units of `text`. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** A hit's place in one of the two searches. */
export interface ScorePart {
  /** 1 for the best. */
  readonly rank: number;
  /** Cosine similarity or BM25. */
  readonly score: number;
}

/** What a hit's score is made of; null where the search did not run or did not find it. */
export interface HitScores {
  readonly vector: ScorePart | null;
  readonly text: ScorePart | null;
}

/** A further hit on a page. */
export type OtherHit = Pick<Hit, "url" | "headings" | "score">;

/** Which chunks may be found. All conditions must hold; null means pages without the value. */
export interface SearchFilter {
  /** Page id: `guide/install.md`. */
  readonly page?: string;
  readonly locale?: string | null;
  readonly version?: string | null;
  /** Beginning of the URL: `/guide/`. */
  readonly urlPrefix?: string;
}

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
}

/** The progress of a run. `total` is null while it is unknown. */
export interface Progress {
  readonly phase: "read" | "enrich" | "embed" | "write";
  readonly done: number;
  readonly total: number | null;
}

export interface SearchAnswer {
  readonly query: string;
  /** The mode that was used. */
  readonly mode: SearchMode;
  /** Why the search did less than requested, or null. */
  readonly degraded: string | null;
  /** Chunks of the index without a vector of their own yet; only full-text search finds them. */
  readonly pending: number;
  readonly hits: readonly Hit[];
}

/** A page with content similar to another one's. */
export interface RelatedPage extends Pick<Hit, "page" | "url" | "title"> {
  /** Cosine similarity of its nearest chunk to the mean direction of the given page; at most 1. */
  readonly score: number;
}

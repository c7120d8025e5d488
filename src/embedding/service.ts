/** A text on its way to a job, and the key that its row comes back under. */
export interface KeyedText {
  readonly key: string;
  readonly text: string;
}

/** One row of a finished job. Rows come in any order. */
export type JobRow =
  | { readonly key: string; readonly vector: Float32Array }
  | { readonly key: string; readonly error: Error };

/** The states of Gemini's batch jobs, without their prefix. */
export type JobState = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "EXPIRED" | "CANCELLED";

/** What a provider does with texts; retrying is its own. Vectors have unit length. */
export interface EmbeddingService {
  /** One individual call; the vectors come back in the order of the texts. */
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Creates a batch job and gives its name. */
  createJob(texts: readonly KeyedText[]): Promise<string>;
  readJob(name: string): Promise<JobState>;
  /** The rows of a job that has succeeded; each may hold an error all the same. */
  readRows(name: string): Promise<readonly JobRow[]>;
}

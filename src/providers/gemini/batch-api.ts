import type { BatchJob } from "@google/genai";
import { z } from "zod";
import type { FoundJob } from "../../sending/provider.ts";
import type { Clock } from "../../words/types.ts";
import { endOf, readOperation, type BatchOperation } from "./batch-operation.ts";
import { API_VERSION, type GeminiApi } from "./gemini-api.ts";
import { malformed } from "./gemini-failure.ts";
import type { GeminiRest } from "./gemini-rest.ts";
import { timedCall } from "./timed-call.ts";

export interface BatchApiOptions {
  readonly rest: GeminiRest;
  readonly sdk: GeminiApi;
  readonly apiKey: string;
  readonly clock: Clock;
}

interface JobPage {
  readonly jobs: readonly FoundJob[];
  readonly next: string | undefined;
}

const toFoundJob = ({ name, displayName, state, createTime }: BatchJob): FoundJob => ({
  name: name ?? "",
  displayName: displayName ?? "",
  end: endOf(state ?? ""),
  createdAt: Date.parse(createTime ?? ""),
});

const fileSchema = z.object({ file: z.object({ name: z.string() }) });

/** A call about a job moves a few kilobytes; a file some tens of megabytes. */
const CALL_TIMEOUT_MS = 30_000;
const FILE_TIMEOUT_MS = 120_000;

/** Batch jobs and their files, one request each; nothing is retried here. Throws CallFailure. */
export class BatchApi {
  readonly #options: BatchApiOptions;

  constructor(options: BatchApiOptions) {
    this.#options = options;
  }

  /** Uploads the input of a job, and gives its name: `files/…`. */
  upload(jsonl: string, displayName: string, stop?: AbortSignal): Promise<string> {
    const { rest } = this.#options;
    const upload = async (signal: AbortSignal): Promise<string> => {
      const { headers } = await rest.send({
        method: "POST",
        path: `upload/${API_VERSION}/files`,
        headers: {
          "X-Goog-Upload-Protocol": "resumable",
          "X-Goog-Upload-Command": "start",
          "X-Goog-Upload-Header-Content-Length": String(Buffer.byteLength(jsonl)),
          "X-Goog-Upload-Header-Content-Type": "application/jsonl",
        },
        body: JSON.stringify({ file: { displayName, mimeType: "application/jsonl" } }),
        signal,
      });
      const address = headers.get("x-goog-upload-url");
      if (address === null) throw malformed("to an upload names no address");
      // Only the path: the key goes nowhere but to the base URL.
      const { pathname, search } = new URL(address);
      const finished = await rest.sendJson({
        method: "POST",
        path: pathname + search,
        headers: { "X-Goog-Upload-Command": "upload, finalize", "X-Goog-Upload-Offset": "0" },
        body: jsonl,
        signal,
      });
      return fileSchema.parse(finished).file.name;
    };
    return this.#timed(FILE_TIMEOUT_MS, upload, stop);
  }

  /** Creates a job over an uploaded file by a model's method. Not idempotent: twice makes two jobs. */
  create(method: string, displayName: string, inputFile: string): Promise<string> {
    // The SDK does this too, and prints a warning each time.
    return this.#timed(CALL_TIMEOUT_MS, async (signal) => {
      const json = await this.#options.rest.sendJson({
        method: "POST",
        path: `${API_VERSION}/models/${method}`,
        body: JSON.stringify({ batch: { displayName, inputConfig: { fileName: inputFile } } }),
        signal,
      });
      return readOperation(json).name;
    });
  }

  /** How a job stands. */
  read(name: string, stop?: AbortSignal): Promise<BatchOperation> {
    const path = `${API_VERSION}/${name}`;
    const read = async (signal: AbortSignal): Promise<BatchOperation> =>
      readOperation(await this.#options.rest.sendJson({ method: "GET", path, signal }));
    return this.#timed(CALL_TIMEOUT_MS, read, stop);
  }

  /** One page of the account's jobs, and the token of the next one. */
  list(pageToken: string | undefined, stop?: AbortSignal): Promise<JobPage> {
    const list = async (signal: AbortSignal): Promise<JobPage> => {
      const { jobs, next } = await this.#options.sdk.listJobs(pageToken, signal);
      if (next !== undefined && next === pageToken) throw malformed("repeats a page of jobs");
      return { jobs: jobs.map(toFoundJob), next };
    };
    return this.#timed(CALL_TIMEOUT_MS, list, stop);
  }

  /** The text of an output file. */
  download(file: string, stop?: AbortSignal): Promise<string> {
    const path = `${API_VERSION}/${file}:download?alt=media`;
    const download = async (signal: AbortSignal): Promise<string> =>
      (await this.#options.rest.send({ method: "GET", path, signal })).text;
    return this.#timed(FILE_TIMEOUT_MS, download, stop);
  }

  async cancel(name: string, stop?: AbortSignal): Promise<void> {
    await this.#bare("POST", `${API_VERSION}/${name}:cancel`, stop);
  }

  async deleteFile(name: string, stop?: AbortSignal): Promise<void> {
    await this.#bare("DELETE", `${API_VERSION}/${name}`, stop);
  }

  /** A request whose answer says nothing. The SDK leaves such an answer unread, and its connection open. */
  #bare(method: "POST" | "DELETE", path: string, stop?: AbortSignal): Promise<unknown> {
    const { rest } = this.#options;
    const send = (signal: AbortSignal) => rest.send({ method, path, body: "{}", signal });
    return this.#timed(CALL_TIMEOUT_MS, send, stop);
  }

  #timed<Value>(
    timeoutMs: number,
    call: (signal: AbortSignal) => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    const { clock, apiKey } = this.#options;
    return timedCall(call, { clock, apiKey, timeoutMs, signal });
  }
}

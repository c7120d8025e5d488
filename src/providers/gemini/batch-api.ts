import type { BatchJob } from "@google/genai";
import { z } from "zod";
import type { FoundJob } from "../../sending/provider.ts";
import { endOf, readOperation, type BatchOperation } from "./batch-operation.ts";
import { API_VERSION, type GeminiAccess, type GeminiApi } from "./gemini-api.ts";
import { malformed } from "./gemini-failure.ts";
import { linesOfRest, sendRest, type Pieces, type RestRequest } from "./gemini-rest.ts";
import type { TimedCall } from "./timed-call.ts";

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

/** Calls the Batch API for jobs and their files: one request each, no retries. Throws CallFailure. */
export class BatchApi {
  readonly #access: GeminiAccess;
  readonly #sdk: GeminiApi;
  readonly #timed: TimedCall;

  constructor(access: GeminiAccess, sdk: GeminiApi, timed: TimedCall) {
    this.#access = access;
    this.#sdk = sdk;
    this.#timed = timed;
  }

  /** Uploads a job's input file; returns its name: `files/…`. */
  upload(jsonl: Pieces, displayName: string, stop?: AbortSignal): Promise<string> {
    const upload = async (signal: AbortSignal): Promise<string> => {
      const { headers } = await sendRest(this.#access, {
        method: "POST",
        path: `upload/${API_VERSION}/files`,
        headers: {
          "X-Goog-Upload-Protocol": "resumable",
          "X-Goog-Upload-Command": "start",
          "X-Goog-Upload-Header-Content-Length": String(jsonl.bytes),
          "X-Goog-Upload-Header-Content-Type": "application/jsonl",
        },
        body: JSON.stringify({ file: { displayName, mimeType: "application/jsonl" } }),
        signal,
      });
      const address = headers.get("x-goog-upload-url");
      if (address === null) throw malformed("names no upload address");
      const finished = await sendRest(this.#access, {
        method: "POST",
        path: address,
        headers: { "X-Goog-Upload-Command": "upload, finalize", "X-Goog-Upload-Offset": "0" },
        body: jsonl,
        signal,
      });
      return fileSchema.parse(JSON.parse(finished.text)).file.name;
    };
    return this.#timed(upload, FILE_TIMEOUT_MS, stop);
  }

  /** Creates a job from an uploaded file; returns its name. Calling it twice creates two jobs. */
  async create(
    method: string,
    displayName: string,
    inputFile: string,
    stop: AbortSignal,
  ): Promise<string> {
    // The SDK prints a warning each time.
    const body = JSON.stringify({ batch: { displayName, inputConfig: { fileName: inputFile } } });
    const request = { method: "POST", path: `models/${method}`, body } as const;
    return (await this.#send(request, readOperation, stop)).name;
  }

  read(name: string, stop?: AbortSignal): Promise<BatchOperation> {
    return this.#send({ method: "GET", path: name }, readOperation, stop);
  }

  /** One page of the account's jobs, and the token of the next one. */
  list(pageToken: string | undefined, stop?: AbortSignal): Promise<JobPage> {
    const list = async (signal: AbortSignal): Promise<JobPage> => {
      const { jobs, next } = await this.#sdk.listJobs(pageToken, signal);
      return { jobs: jobs.map(toFoundJob), next };
    };
    return this.#timed(list, CALL_TIMEOUT_MS, stop);
  }

  /** What `read` makes of each line of an output file, without null: a file may have 100 MB. */
  download<Row>(
    file: string,
    read: (line: string) => Row | null,
    stop?: AbortSignal,
  ): Promise<Row[]> {
    const path = `${API_VERSION}/${file}:download?alt=media`;
    const download = async (signal: AbortSignal): Promise<Row[]> => {
      const rows: Row[] = [];
      for await (const line of linesOfRest(this.#access, { method: "GET", path, signal })) {
        const row = read(line);
        if (row !== null) rows.push(row);
      }
      return rows;
    };
    return this.#timed(download, FILE_TIMEOUT_MS, stop);
  }

  // The SDK leaves the answers to these two unread, and their connections open.

  cancel(name: string, stop?: AbortSignal): Promise<void> {
    const request = { method: "POST", path: `${name}:cancel`, body: "{}" } as const;
    return this.#send(request, () => undefined, stop);
  }

  deleteFile(name: string, stop?: AbortSignal): Promise<void> {
    return this.#send({ method: "DELETE", path: name, body: "{}" }, () => undefined, stop);
  }

  /** Sends one request to the versioned API and reads the answer. */
  #send<Value>(
    { path, ...request }: Omit<RestRequest, "signal">,
    read: (text: string) => Value,
    stop?: AbortSignal,
  ): Promise<Value> {
    const send = async (signal: AbortSignal): Promise<Value> => {
      const versioned = { ...request, path: `${API_VERSION}/${path}`, signal };
      return read((await sendRest(this.#access, versioned)).text);
    };
    return this.#timed(send, CALL_TIMEOUT_MS, stop);
  }
}

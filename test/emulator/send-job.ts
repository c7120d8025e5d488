import { z } from "zod";
import { contentOf } from "./open-emulator.ts";
import type { OpenEmulator } from "./open-emulator.ts";

const MODEL = "models/gemini-embedding-001";

/** A line of an input file for each text, with the keys `k0`, `k1` … */
export const jobFile = (texts: readonly string[]): string =>
  texts
    .map((text, at) => {
      const request = { content: contentOf(text), outputDimensionality: 128 };
      return `${JSON.stringify({ key: `k${at}`, request })}\n`;
    })
    .join("");

/** Uploads a file in one chunk, as the SDK does; returns its name. */
export async function uploadFile({ emulator, send }: OpenEmulator, text: string): Promise<string> {
  const key = { "x-goog-api-key": emulator.key };
  const begun = await send("POST", "/upload/v1beta/files", "{}", {
    ...key,
    "x-goog-upload-protocol": "resumable",
    "x-goog-upload-command": "start",
    "x-goog-upload-header-content-length": String(Buffer.byteLength(text)),
    "x-goog-upload-header-content-type": "application/jsonl",
  });
  const url = new URL(begun.headers.get("x-goog-upload-url") ?? "");
  const { body } = await send("POST", `${url.pathname}${url.search}`, text, {
    "x-goog-upload-command": "upload, finalize",
    "x-goog-upload-offset": "0",
  });
  return z.object({ file: z.object({ name: z.string() }) }).parse(body).file.name;
}

/** Requests a job over an uploaded file. */
export const createJob = ({ send }: OpenEmulator, file: string, displayName = "my-batch") =>
  send("POST", `/v1beta/${MODEL}:asyncBatchEmbedContent`, {
    batch: { displayName, inputConfig: { file_name: file } },
  });

/** Uploads texts and creates a job over them; returns the paths of the job and of its output. */
export async function startJob(open: OpenEmulator, texts: readonly string[], displayName?: string) {
  const { body } = await createJob(open, await uploadFile(open, jobFile(texts)), displayName);
  const { name } = z.object({ name: z.string() }).parse(body);
  const id = name.slice("batches/".length);
  return { name, path: `/v1beta/${name}`, output: `/v1beta/files/batch-${id}` };
}

/** The lines of an output file, sorted by key. */
export async function readOutput({ send }: OpenEmulator, output: string) {
  const { body } = await send("GET", `${output}:download?alt=media`);
  return linesOf(body).toSorted((one, other) => (one.key ?? "").localeCompare(other.key ?? ""));
}

/** The lines of an output file, in file order. */
export const linesOf = (body: unknown) =>
  z
    .string()
    // A file of one line is JSON, so it is already parsed.
    .or(z.looseObject({}).transform((line) => JSON.stringify(line)))
    .parse(body)
    .trim()
    .split("\n")
    .map((line) => outputLine.parse(JSON.parse(line)));

const outputLine = z.strictObject({
  key: z.string().optional(),
  response: z
    .strictObject({ embedding: z.strictObject({ values: z.array(z.number()) }) })
    .optional(),
  error: z.strictObject({ code: z.number(), message: z.string().optional() }).optional(),
});

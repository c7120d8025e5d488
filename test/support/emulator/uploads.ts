import { z } from "zod";
import type { Answer } from "./answer.ts";
import type { Incoming } from "./http-server.ts";
import { originOf } from "./http-server.ts";
import { readPayload, wholeNumber } from "./payload.ts";
import { randomId } from "./random-id.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";
import { fileResource, newFileName } from "./stored-files.ts";

/** Every chunk but the last is a multiple of this many bytes. */
const CHUNK_BYTES = 8 * 1024 * 1024;

const startSchema = z.strictObject({
  file: z
    .strictObject({
      name: z.string().optional(),
      displayName: z.string().optional(),
      mimeType: z.string().optional(),
      sizeBytes: wholeNumber.optional(),
    })
    .default({}),
});

/** `POST /upload/{version}/files`: starts a resumable upload, or receives a chunk of it. */
export function upload(service: Service, incoming: Incoming): Answer {
  return incoming.query.has("upload_id")
    ? takeChunk(service, incoming)
    : startUpload(service, incoming);
}

function startUpload({ uploads }: Service, incoming: Incoming): Answer {
  const { headers } = incoming;
  if (headers["x-goog-upload-protocol"] !== "resumable") throw bad("Only resumable uploads.");
  if (headers["x-goog-upload-command"] !== "start") throw bad("The first command is start.");
  const { file } = readPayload(startSchema, incoming.bytes);
  const size = Number(headers["x-goog-upload-header-content-length"] ?? file.sizeBytes);
  const mimeType = headers["x-goog-upload-header-content-type"] ?? file.mimeType;
  if (typeof mimeType !== "string") throw bad("Unsupported MIME type: ");
  const id = randomId(40);
  const { displayName = null, name = newFileName() } = file;
  uploads.set(id, {
    head: { name, displayName, mimeType, source: "UPLOADED" },
    sizeBytes: size,
    chunks: [],
  });
  return {
    kind: "whole",
    status: 200,
    headers: {
      "content-type": "text/plain",
      "x-goog-upload-status": "active",
      "x-goog-upload-chunk-granularity": String(CHUNK_BYTES),
      "x-goog-upload-url": `${originOf(incoming)}/upload/v1beta/files?upload_id=${id}&upload_protocol=resumable`,
    },
    body: "",
  };
}

function takeChunk({ files, uploads }: Service, incoming: Incoming): Answer {
  const { bytes, headers, query } = incoming;
  const id = query.get("upload_id") ?? "";
  const begun = uploads.get(id);
  if (begun === undefined) throw new Refusal("NOT_FOUND", "There is no such upload.");
  const received = begun.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (Number(headers["x-goog-upload-offset"]) !== received) throw bad("Wrong upload offset.");
  const chunks = [...begun.chunks, bytes];
  uploads.set(id, { ...begun, chunks });
  const commands = String(headers["x-goog-upload-command"]).split(/, */);
  if (!commands.includes("upload")) throw bad("Unknown upload command.");
  if (!commands.includes("finalize")) return chunkAnswer("active", "");
  if (received + bytes.length !== begun.sizeBytes)
    throw bad("The upload has not its announced size.");
  uploads.delete(id);
  const file = files.put(begun.head, Buffer.concat(chunks));
  return chunkAnswer("final", JSON.stringify({ file: fileResource(file, originOf(incoming)) }));
}

const chunkAnswer = (status: "active" | "final", body: string): Answer => ({
  kind: "whole",
  status: 200,
  headers: {
    "content-type": "application/json; charset=UTF-8",
    "x-goog-upload-status": status,
  },
  body,
});

// These messages are guesses; the service does not document them.
const bad = (message: string): Refusal => new Refusal("INVALID_ARGUMENT", message);

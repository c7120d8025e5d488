import { z } from "zod";
import type { JobRow } from "./batch-job.ts";
import { embedRequestSchema, orderOf, textOf } from "./embed-request.ts";
import type { EmbedRequest } from "./embed-request.ts";
import { GENERATION_FAULTS, ROW_FAULTS } from "./fault-names.ts";
import { responseOf } from "./generate-calls.ts";
import { generateRequestSchema, promptOf, writingOf } from "./generate-request.ts";
import type { Faults } from "./faults.ts";
import type { Model } from "./models.ts";
import { parseJson, readMessage } from "./payload.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** A line of an input file; other fields are ignored. */
const lineSchema = z.object({ key: z.string().optional(), request: z.unknown() });

/** One row as submitted. */
export interface GivenRow {
  readonly label: JobRow["label"];
  /** An `EmbedContentRequest`, or why there is none. */
  readonly request: unknown;
}

/** An inline row. */
export const inlineRow = (item: {
  readonly request: unknown;
  readonly metadata?: unknown;
}): GivenRow => ({
  label: item.metadata === undefined ? {} : { metadata: item.metadata },
  request: item.request,
});

/** The rows of an input file. A line that cannot be read fails alone. */
export const rowsOfFile = (bytes: Buffer): readonly GivenRow[] =>
  bytes
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(rowOfLine);

function rowOfLine(text: string): GivenRow {
  const line = orRefusal(() => readMessage(lineSchema, parseJson(text)));
  if (line instanceof Refusal) return { label: {}, request: line };
  return { label: line.key === undefined ? {} : { key: line.key }, request: line.request };
}

/** Reads the requests of the rows; an unreadable one fails its row, not the job. */
export const jobRows = (
  given: readonly GivenRow[],
  model: Model,
  faults: Faults,
): readonly JobRow[] =>
  given.map(({ label, request: json }) => {
    const request = orRefusal(() => readRequest(json, model));
    if (request instanceof Refusal) return { label, text: "", order: request, fault: null };
    const text = textOf(request);
    const order = orRefusal(() => orderOf(model, request));
    return { label, text, order, fault: faults.meet(ROW_FAULTS, [text])?.name ?? null };
  });

/** The same for prompts. */
export const writingRows = (
  given: readonly GivenRow[],
  model: string,
  { faults, writer }: Pick<Service, "faults" | "writer">,
): readonly JobRow[] =>
  given.map(({ label, request: json }) => {
    const request = orRefusal(() => {
      if (json instanceof Refusal) throw json;
      return readMessage(generateRequestSchema, json);
    });
    if (request instanceof Refusal) return { label, text: "", order: request, fault: null };
    const text = promptOf(request).prompt;
    const order = orRefusal(() => {
      const writing = writingOf(model, request, writer);
      const fault = faults.meet(GENERATION_FAULTS, [text])?.name ?? null;
      return { response: responseOf(writing, fault), bill: writing.bill };
    });
    return { label, text, order, fault: faults.meet(ROW_FAULTS, [text])?.name ?? null };
  });

function readRequest(json: unknown, model: Model): EmbedRequest {
  if (json instanceof Refusal) throw json;
  const request = readMessage(embedRequestSchema, json);
  if (request.model === undefined || request.model === model.name) return request;
  throw new Refusal("INVALID_ARGUMENT", `The model of the job is ${model.name}.`);
}

function orRefusal<Value>(work: () => Value): Value | Refusal {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

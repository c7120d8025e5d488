import { z } from "zod";
import { jsonAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { tokensOf } from "./batch-job.ts";
import type { BatchJob } from "./batch-job.ts";
import type { JobInput } from "./batch-job.ts";
import { embedRequestSchema } from "./embed-request.ts";
import { generateRequestSchema } from "./generate-request.ts";
import { JOB_FATES } from "./fault-names.ts";
import type { Incoming } from "./http-server.ts";
import { inlineRow, jobRows, rowsOfFile, writingRows } from "./job-rows.ts";
import type { GivenRow } from "./job-rows.ts";
import { modelOf, writingModelOf } from "./models.ts";
import { operationOf } from "./operation.ts";
import { pageOf } from "./page.ts";
import { readPayload, wholeNumber } from "./payload.ts";
import { jobQuotaRefusal } from "./quota-error.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** Largest request with inline rows: https://ai.google.dev/gemini-api/docs/batch-api */
const MAX_INLINE_BYTES = 20 * 1024 * 1024;

const createSchemaOf = <Request>(request: z.ZodType<Request>) =>
  z.strictObject({
    batch: z.strictObject({
      model: z.string().optional(),
      displayName: z.string().optional(),
      priority: wholeNumber.optional(),
      inputConfig: z.strictObject({
        fileName: z.string().optional(),
        requests: z
          .strictObject({
            requests: z.array(
              z.strictObject({
                request,
                metadata: z.record(z.string(), z.unknown()).optional(),
              }),
            ),
          })
          .optional(),
      }),
    }),
  });

const embedSchema = createSchemaOf(embedRequestSchema);
const generateSchema = createSchemaOf(generateRequestSchema);

type Batch = z.infer<typeof embedSchema | typeof generateSchema>["batch"];

/** `POST models/{model}:asyncBatchEmbedContent`: always a new job, even with a known display name. */
export function createJob(service: Service, { bytes }: Incoming, name: string): Answer {
  const { counters, faults } = service;
  const model = modelOf(name, "asyncBatchEmbedContent");
  const { batch } = readPayload(embedSchema, bytes);
  if (bytes.length > MAX_INLINE_BYTES) throw tooLarge();
  const rows = jobRows(givenRows(service, batch), model, faults);
  counters.countJob();
  counters.seeTexts(rows.map(({ text }) => text));
  return created(service, batch, { model, kind: "EmbedContent", rows });
}

/** `POST models/{model}:batchGenerateContent` */
export function createWritingJob(service: Service, { bytes }: Incoming, name: string): Answer {
  const model = writingModelOf(name, "batchGenerateContent");
  const { batch } = readPayload(generateSchema, bytes);
  if (bytes.length > MAX_INLINE_BYTES) throw tooLarge();
  const rows = writingRows(givenRows(service, batch), name, service);
  service.generation.countJob(rows.map(({ text }) => text));
  return created(service, batch, { model, kind: "GenerateContent", rows });
}

function created(
  service: Service,
  batch: Batch,
  given: Pick<JobInput, "model" | "kind" | "rows">,
): Answer {
  const { enqueuedTokens, faults, jobs } = service;
  const texts = given.rows.map(({ text }) => text);
  if (enqueuedTokens === 0) throw noJobs();
  if (faults.meet(["job-refused"], texts) !== null) throw jobQuotaRefusal();
  const input = {
    ...given,
    displayName: batch.displayName ?? null,
    fileName: batch.inputConfig.fileName ?? null,
    fate: faults.meet(JOB_FATES, texts)?.name ?? null,
    isQueued: faults.meet(["unknown-state"], texts) !== null,
  };
  if (!jobs.hasRoom(tokensOf(input), enqueuedTokens)) throw jobQuotaRefusal();
  const job = jobs.create(input);
  if (faults.meet(["create-cut-after"], texts) !== null) return { kind: "reset" };
  if (faults.meet(["create-unavailable-after"], texts) !== null) throw unavailable();
  return shown(service, job);
}

/** `GET batches/{id}` */
export function getJob(service: Service, _: Incoming, name: string): Answer {
  const job = knownJob(service, name);
  const texts = job.input.rows.map(({ text }) => text);
  if (service.faults.meet(["job-unknown"], texts) !== null) throw notFound();
  if (service.faults.meet(["job-forbidden"], texts) !== null) {
    throw new Refusal("PERMISSION_DENIED", "The caller does not have permission");
  }
  return shown(service, job);
}

/** `GET batches`, the newest first, without inline answers. */
export function listJobs(service: Service, { query }: Incoming): Answer {
  const { clock, jobs } = service;
  const { items, more } = pageOf(jobs.listed, query);
  if (items.length === 0) return jsonAnswer({});
  return jsonAnswer({
    operations: items.map((job) => operationOf(job, clock.now(), jobs.outputOf(job), false)),
    ...more,
  });
}

/** `POST batches/{id}:cancel` */
export function cancelJob(service: Service, _: Incoming, name: string): Answer {
  knownJob(service, name).cancel(service.clock.now());
  return jsonAnswer({});
}

/** `DELETE batches/{id}` */
export function deleteJob(service: Service, _: Incoming, name: string): Answer {
  service.jobs.delete(knownJob(service, name));
  return jsonAnswer({});
}

function givenRows({ files }: Service, { inputConfig }: Batch): readonly GivenRow[] {
  const { fileName, requests } = inputConfig;
  if ((fileName === undefined) === (requests === undefined)) throw oneInput();
  if (fileName === undefined) return (requests?.requests ?? []).map(inlineRow);
  const file = files.find(fileName);
  if (file === null) throw notFound();
  return rowsOfFile(file.bytes);
}

const shown = ({ clock, jobs }: Service, job: BatchJob): Answer =>
  jsonAnswer(operationOf(job, clock.now(), jobs.outputOf(job)));

function knownJob({ jobs }: Service, name: string): BatchJob {
  const job = jobs.find(name);
  if (job === null) throw notFound();
  return job;
}

const oneInput = (): Refusal =>
  new Refusal(
    "INVALID_ARGUMENT",
    "* EmbedContentBatch.input_config: needs requests or file_name\n",
  );

const notFound = (): Refusal => new Refusal("NOT_FOUND", "Requested entity was not found.");

const unavailable = (): Refusal =>
  new Refusal("UNAVAILABLE", "The service is currently unavailable.");

const tooLarge = (): Refusal =>
  new Refusal(
    "INVALID_ARGUMENT",
    `Request payload size exceeds the limit: ${MAX_INLINE_BYTES} bytes.`,
  );

/** How the free tier refuses jobs is not documented; this is its refusal of a region. */
const noJobs = (): Refusal =>
  new Refusal("FAILED_PRECONDITION", "Batch jobs are not available on the free tier.");

import { z } from "zod";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { jsonAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { deliver, refusalOf, spoil } from "./call-faults.ts";
import { contentSchema, embedRequestSchema, orderOf, textOf } from "./embed-request.ts";
import type { EmbedRequest } from "./embed-request.ts";
import { emulatedVector } from "./emulated-vector.ts";
import type { Incoming } from "./http-server.ts";
import { modelOf } from "./models.ts";
import { readPayload } from "./payload.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";

/** The API refuses more: “At most 100 requests can be in one batch”. */
const MAX_REQUESTS = 100;

const batchSchema = z.strictObject({ requests: z.array(embedRequestSchema).default([]) });
const countSchema = z.strictObject({ contents: z.array(contentSchema).default([]) });

/** `POST models/{model}:embedContent` */
export async function embedContent(
  service: Service,
  incoming: Incoming,
  name: string,
): Promise<Answer> {
  const request = readPayload(embedRequestSchema, incoming.bytes);
  return answerCall(service, incoming, name, [request], ([embedding], usageMetadata) => ({
    embedding,
    usageMetadata,
  }));
}

/** `POST models/{model}:batchEmbedContents` */
export async function batchEmbedContents(
  service: Service,
  incoming: Incoming,
  name: string,
): Promise<Answer> {
  const { requests } = readPayload(batchSchema, incoming.bytes);
  if (requests.length > MAX_REQUESTS) throw tooMany();
  requests.forEach((request, at) => checkModel(request, name, at));
  return answerCall(service, incoming, name, requests, (embeddings, usageMetadata) => ({
    embeddings,
    usageMetadata,
  }));
}

/** `POST models/{model}:countTokens` */
export function countTokens(_: Service, { bytes }: Incoming, name: string): Answer {
  modelOf(name, "countTokens");
  const { contents } = readPayload(countSchema, bytes);
  const texts = contents.flatMap(({ parts }) => parts.map(({ text }) => text));
  const tokenCount = estimateTokens(texts.join("\n"));
  return jsonAnswer({
    totalTokens: tokenCount,
    promptTokensDetails: [{ modality: "TEXT", tokenCount }],
  });
}

/** Does the work of a call and bills it, unless a fault or a quota prevents that. */
async function answerCall(
  service: Service,
  incoming: Incoming,
  name: string,
  requests: readonly EmbedRequest[],
  bodyOf: (embeddings: readonly unknown[], usageMetadata: unknown) => unknown,
): Promise<Answer> {
  const model = modelOf(name, "embedContent");
  service.counters.seeTexts(requests.map(textOf));
  const orders = requests.map((request) => orderOf(model, request));
  const texts = orders.map(({ text }) => text);
  const tokens = orders.reduce((sum, order) => sum + order.tokens, 0);
  const fault = service.faults.meetCall(texts);
  const refusal =
    refusalOf(fault, model) ?? service.quotas.take(model, orders.length, tokens)?.answer;
  await service.takeTime(incoming);
  if (refusal !== undefined) return refusal;
  service.counters.bill("calls", orders);
  const embeddings = spoil(fault, orders.map(emulatedVector)).map((values) => ({ values }));
  return deliver(fault, jsonAnswer(bodyOf(embeddings, usageOf(tokens))));
}

const usageOf = (tokenCount: number) => ({
  promptTokenCount: tokenCount,
  promptTokenDetails: [{ modality: "TEXT", tokenCount }],
});

function checkModel({ model }: EmbedRequest, name: string, at: number): void {
  const field = `* BatchEmbedContentsRequest.requests[${at}].model`;
  if (model === undefined) throw bad(`${field}: model is not specified\n`);
  if (!model.startsWith("models/")) throw bad(`${field}: unexpected model name format\n`);
  if (model !== name) throw bad(`${field}: must be ${name}\n`);
}

const tooMany = (): Refusal =>
  bad("* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n");

const bad = (message: string): Refusal => new Refusal("INVALID_ARGUMENT", message);

import { htmlAnswer, jsonAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { batchEmbedContents, countTokens, embedContent } from "./embed-calls.ts";
import { deleteFile, downloadFile, getFile, listFiles } from "./file-routes.ts";
import { generateContent, streamGenerateContent } from "./generate-calls.ts";
import type { Incoming } from "./http-server.ts";
import {
  cancelJob,
  createJob,
  createWritingJob,
  deleteJob,
  getJob,
  listJobs,
} from "./job-routes.ts";
import { checkKey } from "./keys.ts";
import { modelList, modelOf, modelResource } from "./models.ts";
import { Refusal } from "./refusal.ts";
import type { Service } from "./service.ts";
import { upload } from "./uploads.ts";

interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Matches the path without its version; its group, if any, is the resource's name. */
  readonly path: RegExp;
  /** Whether it counts as a call. */
  readonly isCall?: boolean;
  readonly handle: (service: Service, incoming: Incoming, name: string) => Answer | Promise<Answer>;
}

/** The version is optional; uploads and downloads have a word before it. */
const VERSION = /^(\/upload|\/download)?\/(?:v1|v1beta|v1alpha)(?=\/)/;

const ROUTES: readonly Route[] = [
  { method: "GET", path: /^\/models$/, handle: () => jsonAnswer(modelList()) },
  {
    method: "GET",
    path: /^\/(models\/[^/:]+)$/,
    handle: (_service, _incoming, name) => jsonAnswer(modelResource(modelOf(name, "getModel"))),
  },
  {
    method: "POST",
    path: /^\/(models\/[^/:]+):embedContent$/,
    isCall: true,
    handle: embedContent,
  },
  {
    method: "POST",
    path: /^\/(models\/[^/:]+):batchEmbedContents$/,
    isCall: true,
    handle: batchEmbedContents,
  },
  { method: "POST", path: /^\/(models\/[^/:]+):generateContent$/, handle: generateContent },
  {
    method: "POST",
    path: /^\/(models\/[^/:]+):streamGenerateContent$/,
    handle: streamGenerateContent,
  },
  { method: "POST", path: /^\/(models\/[^/:]+):countTokens$/, handle: countTokens },
  { method: "POST", path: /^\/(models\/[^/:]+):asyncBatchEmbedContent$/, handle: createJob },
  { method: "POST", path: /^\/(models\/[^/:]+):batchGenerateContent$/, handle: createWritingJob },
  { method: "GET", path: /^\/batches$/, handle: listJobs },
  { method: "GET", path: /^\/(batches\/[^/:]+)$/, handle: getJob },
  { method: "DELETE", path: /^\/(batches\/[^/:]+)$/, handle: deleteJob },
  { method: "POST", path: /^\/(batches\/[^/:]+):cancel$/, handle: cancelJob },
  { method: "POST", path: /^\/upload\/files$/, handle: upload },
  { method: "GET", path: /^\/files$/, handle: listFiles },
  { method: "GET", path: /^\/(files\/[^/:]+)$/, handle: getFile },
  { method: "DELETE", path: /^\/(files\/[^/:]+)$/, handle: deleteFile },
  { method: "GET", path: /^(?:\/download)?\/(files\/[^/:]+):download$/, handle: downloadFile },
];

/** Answers a request. */
export async function answer(service: Service, incoming: Incoming): Promise<Answer> {
  const path = incoming.path.replace(VERSION, "$1");
  const route = ROUTES.find((one) => one.method === incoming.method && one.path.test(path));
  if (route === undefined) return htmlAnswer(404, "Not Found");
  const name = route.path.exec(path)?.[1] ?? "";
  const work = () => carryOut(route, service, incoming, name);
  return route.isCall === true ? service.counters.countCall(work) : work();
}

async function carryOut(
  route: Route,
  service: Service,
  incoming: Incoming,
  name: string,
): Promise<Answer> {
  try {
    checkKey(incoming, service.key);
    return await route.handle(service, incoming, name);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return new Refusal("INTERNAL", `The emulator has a defect: ${String(error)}`).answer;
  }
}

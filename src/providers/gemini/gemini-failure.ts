import { z } from "zod";
import { CallFailure, reportedAs, type NextStep } from "../../sending/call-failure.ts";
import { quotaOfDayReached } from "../../sending/day-quota.ts";
import { SiteragError, toError, type ErrorCode } from "../../words/errors.ts";
import { parsedJson } from "../../words/json.ts";
import type { GeminiAccess } from "./gemini-api.ts";

/** The body of an error answer: https://google.aip.dev/193 */
const errorBody = z.object({
  error: z.object({
    message: z.string().default(""),
    status: z.string().default(""),
    details: z.array(z.looseObject({ "@type": z.string().default("") })).default([]),
  }),
});

type ErrorBody = z.infer<typeof errorBody>["error"];

/** The SDK's `ApiError`: an HTTP status, and a message that holds the body. */
const apiError = z.object({ name: z.literal("ApiError"), status: z.int(), message: z.string() });

/** How the service is reached: it may be the cause of a failure. No message holds the key. */
export type Way = Pick<GeminiAccess, "apiKey" | "baseUrl" | "unusedProxy">;

type Make = (what: string, body: ErrorBody, way: Way) => CallFailure;

const failing =
  (code: ErrorCode, next: NextStep, { advice = "", isLost = false } = {}): Make =>
  (what) =>
    new CallFailure(new SiteragError(code, what + advice), next, { isLost });

const badKey = failing("AUTHENTICATION_FAILED", "fail", {
  advice: " Check the key in GEMINI_API_KEY; if GOOGLE_API_KEY is set, siterag uses that one.",
});
const badAccount = failing("AUTHENTICATION_FAILED", "fail", {
  advice: " Check the account of the key.",
});
const CHECK_MODEL = " Check embedding.model.";

function notFound(what: string, body: ErrorBody, way: Way): CallFailure {
  const version = /\/(v\d\w*)\/?$/u.exec(way.baseUrl)?.[1];
  const advice =
    version === undefined
      ? CHECK_MODEL
      : ` The address in GOOGLE_GEMINI_BASE_URL ends in ${version}, and siterag adds a version itself: remove it from the address.`;
  return failing("MODEL_UNAVAILABLE", "fail", { advice })(what, body, way);
}

const invalid = failing("INVALID_REQUEST", "fail");
/** One of the texts may be the cause. */
const badText = failing("INVALID_REQUEST", "split");
const unavailable = failing("UNAVAILABLE", "retry");
/** The gateway stopped waiting, but the service may have done the work. */
const gaveUp = failing("UNAVAILABLE", "retry", { isLost: true });

function badRequest(what: string, body: ErrorBody, way: Way): CallFailure {
  if (body.details.some((detail) => detail["reason"] === "API_KEY_INVALID")) {
    return badKey(what, body, way);
  }
  if (body.status === "FAILED_PRECONDITION") return badAccount(what, body, way);
  return (body.status === "INVALID_ARGUMENT" ? badText : invalid)(what, body, way);
}

function limited(what: string, body: ErrorBody): CallFailure {
  if (isOfDay(body)) return new CallFailure(quotaOfDayReached(), "fail");
  const retryAfterMs = retryAfterMsOf(body);
  return new CallFailure(new SiteragError("RATE_LIMITED", what), "retry", { retryAfterMs });
}

/** What each HTTP status means: https://ai.google.dev/gemini-api/docs/troubleshooting. */
const BY_STATUS: Readonly<Record<number, Make>> = {
  400: badRequest,
  401: badKey,
  403: badKey,
  404: notFound,
  408: gaveUp,
  413: badText,
  429: limited,
  500: unavailable,
  502: gaveUp,
  503: unavailable,
  504: gaveUp,
};

/** Most characters of the service's own message that siterag quotes. */
export const MAX_WORDS = 200;

/** Turns what a call threw into a CallFailure. Removes the key from every message. */
export function toCallFailure(cause: unknown, way: Way): CallFailure {
  if (cause instanceof CallFailure) return cause;
  const answered = apiError.safeParse(cause);
  if (answered.success) return answeredFailure(answered.data.status, answered.data.message, way);
  if (cause instanceof SyntaxError) return malformed("is not JSON");
  const { message, cause: deeper } = toError(cause);
  const told = deeper instanceof Error ? `${message}: ${deeper.message}` : message;
  const why = withoutKey(told, way).slice(0, MAX_WORDS);
  const what = `siterag could not reach the Gemini API (${why}). ${networkAdvice(way)}`;
  // Without a connection nothing was sent; otherwise the service may have done the work.
  const isLost = !/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/u.test(codeOf(deeper) + why);
  // Not the cause itself: its request may hold the key.
  const options = { cause: new Error(why) };
  return new CallFailure(new SiteragError("UNAVAILABLE", what, options), "retry", { isLost });
}

/** The service may have done the work, but its answer is lost; a retry may help. */
const lost = (code: ErrorCode, message: string, options?: ErrorOptions): CallFailure =>
  new CallFailure(new SiteragError(code, message, options), "retry", { isLost: true });

/** The failure of an answer that siterag cannot use. */
export const malformed = (what: string, options?: ErrorOptions): CallFailure =>
  lost("ANSWER_MALFORMED", `The Gemini API sent an answer that ${what}.`, options);

/** The failure of a call without an answer in time. */
export const timedOut = (afterMs: number, way: Way): CallFailure =>
  lost(
    "TIMEOUT",
    `The Gemini API did not answer within ${afterMs / 1000} s.${way.unusedProxy === null ? "" : ` ${networkAdvice(way)}`}`,
  );

const networkAdvice = ({ unusedProxy }: Way): string =>
  unusedProxy === null
    ? "Check the network."
    : `${unusedProxy} names a proxy, but Node.js ignores it: set NODE_USE_ENV_PROXY=1 too (Node.js 22.21 or newer).`;

/** Turns an HTTP status and an error body into a CallFailure. */
export function answeredFailure(status: number, message: string, way: Way): CallFailure {
  const body = bodyOf(message);
  const words = withoutKey(readable(body.message.trim()), way)
    .slice(0, MAX_WORDS)
    .replace(/[.\s]+$/u, "");
  const name = `${status} ${body.status}`.trimEnd();
  const what = `The Gemini API answered ${name}${words === "" ? "" : `: ${words}`}.`;
  const make = BY_STATUS[status] ?? (status >= 500 ? unavailable : invalid);
  return make(withoutKey(what, way), body, way);
}

/** A proxy answers with a web page, whose title is enough. */
const readable = (message: string): string =>
  message.startsWith("<")
    ? (/<title[^<>]*>([^<]*)/iu.exec(message)?.[1]?.trim() ?? "a web page, perhaps of a proxy")
    : message;

/**
 * Finds the body: the SDK may write its own words before it, or nest it in a second body when its content
 * type was not JSON. Ignores a message without JSON.
 */
function bodyOf(message: string): ErrorBody {
  const body = parsedBody(message);
  return parsedBody(body?.message ?? "") ?? body ?? { message: "", status: "", details: [] };
}

const parsedBody = (message: string): ErrorBody | undefined =>
  errorBody.safeParse(parsedJson(message.slice(message.indexOf("{")))).data?.error;

/** The quota's id names its period. The retry delay of a daily quota means nothing. */
const isOfDay = ({ details }: ErrorBody): boolean =>
  details.some((detail) => /"quotaId":"[^"]*PerDay/u.test(JSON.stringify(detail)));

function retryAfterMsOf({ details }: ErrorBody): number | null {
  const delay = details.find((detail) => detail["@type"].endsWith("/google.rpc.RetryInfo"));
  const seconds = /^(\d+(?:\.\d+)?)s$/u.exec(String(delay?.["retryDelay"]))?.[1];
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1000);
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : "";

const withoutKey = (text: string, { apiKey }: Way): string =>
  apiKey === "" ? text : text.replaceAll(apiKey, "[key]");

/** The error of work that needs a key when there is none; `otherwise`: what works without one. */
export const keyMissing = (otherwise = ""): SiteragError =>
  new SiteragError(
    "KEY_MISSING",
    `There is no key for the Gemini API. Set GEMINI_API_KEY (https://aistudio.google.com/apikey)${otherwise}.`,
  );

/** Rethrows a failure; for a missing model it names the setting of the writing model. */
export function throwWritingFailure(cause: unknown): never {
  if (!(cause instanceof CallFailure) || !cause.message.endsWith(CHECK_MODEL)) throw cause;
  const message =
    "The Gemini API answered 404: it has no writing model of this name. Check generation.model.";
  throw reportedAs(cause, new SiteragError("MODEL_UNAVAILABLE", message, { cause: cause.error }));
}

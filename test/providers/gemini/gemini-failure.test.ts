import { ApiError } from "@google/genai";
import { expect, test } from "vitest";
import { timedOut, toCallFailure } from "../../../src/providers/gemini/gemini-failure.ts";

const KEY = "AIza-very-secret";
const WAY = {
  apiKey: KEY,
  baseUrl: "https://generativelanguage.googleapis.com",
  unusedProxy: null,
};

const answered = (status: number, error: object): ApiError =>
  new ApiError({ status, message: JSON.stringify({ error: { code: status, ...error } }) });

const detail = (type: string, more: object): object => ({
  "@type": `type.googleapis.com/google.rpc.${type}`,
  ...more,
});

const quota = (quotaId: string): object => detail("QuotaFailure", { violations: [{ quotaId }] });

test.each([
  [
    "a bad request",
    answered(400, { message: "no", status: "INVALID_ARGUMENT" }),
    "INVALID_REQUEST",
    "split",
  ],
  [
    "a bad key",
    answered(400, { details: [detail("ErrorInfo", { reason: "API_KEY_INVALID" })] }),
    "AUTHENTICATION_FAILED",
    "fail",
  ],
  [
    "a region without the free tier",
    answered(400, { status: "FAILED_PRECONDITION" }),
    "AUTHENTICATION_FAILED",
    "fail",
  ],
  ["401", answered(401, {}), "AUTHENTICATION_FAILED", "fail"],
  ["403", answered(403, {}), "AUTHENTICATION_FAILED", "fail"],
  [
    "a bad request that is called text",
    new ApiError({
      status: 400,
      message: JSON.stringify({
        error: {
          code: 400,
          status: "Bad Request",
          message: JSON.stringify({ error: { message: "no", status: "INVALID_ARGUMENT" } }),
        },
      }),
    }),
    "INVALID_REQUEST",
    "split",
  ],
  ["400 without a reason", answered(400, {}), "INVALID_REQUEST", "fail"],
  ["402", answered(402, {}), "INVALID_REQUEST", "fail"],
  ["405", answered(405, {}), "INVALID_REQUEST", "fail"],
  ["409", answered(409, {}), "INVALID_REQUEST", "fail"],
  ["404", answered(404, {}), "MODEL_UNAVAILABLE", "fail"],
  ["408", answered(408, {}), "UNAVAILABLE", "retry"],
  ["413", answered(413, {}), "INVALID_REQUEST", "split"],
  ["429", answered(429, { details: [quota("RequestsPerMinute")] }), "RATE_LIMITED", "retry"],
  [
    "429 of the day",
    answered(429, { details: [quota("RequestsPerDayPerUser")] }),
    "QUOTA_OF_DAY",
    "fail",
  ],
  ["500", answered(500, {}), "UNAVAILABLE", "retry"],
  ["502 in HTML", new ApiError({ status: 502, message: "<html>" }), "UNAVAILABLE", "retry"],
  ["503", answered(503, {}), "UNAVAILABLE", "retry"],
  ["504", answered(504, {}), "UNAVAILABLE", "retry"],
  ["a status nobody knows", answered(599, {}), "UNAVAILABLE", "retry"],
  ["an answer that is not JSON", new SyntaxError("Unexpected token"), "ANSWER_MALFORMED", "retry"],
  [
    "a lost connection",
    new TypeError("fetch failed", { cause: new Error("ECONNRESET") }),
    "UNAVAILABLE",
    "retry",
  ],
])("%s", (_what, cause, code, next) => {
  expect(toCallFailure(cause, WAY)).toMatchObject({ error: { code }, next });
});

test.each([
  ["33s", 33_000],
  ["0.25s", 250],
  ["soon", null],
])("a retry waits as long as the service asks (%s)", (retryDelay, retryAfterMs) => {
  const cause = answered(429, { details: [detail("RetryInfo", { retryDelay })] });
  expect(toCallFailure(cause, WAY).retryAfterMs).toBe(retryAfterMs);
});

test.each([
  [
    "a connection that was refused",
    new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1") }),
    false,
  ],
  ["a connection that was cut", new TypeError("terminated"), true],
  ["504", answered(504, {}), true],
  ["503", answered(503, {}), false],
  ["429", answered(429, {}), false],
])("%s: whether the work may have been done", (_what, cause, isLost) => {
  expect(toCallFailure(cause, WAY).isLost).toBe(isLost);
});

test("the message quotes the service, shortened and without the key", () => {
  const message = `API key ${KEY} not valid. ${"x".repeat(10_000)}`;
  const { error } = toCallFailure(answered(403, { message, status: "PERMISSION_DENIED" }), WAY);
  expect(error.message).toMatch(
    /^The Gemini API answered 403 PERMISSION_DENIED: API key \[key\] not valid\. x+\. Check the key/u,
  );
  expect(error.message.length).toBeLessThan(400);
  expect(JSON.stringify([error, error.cause, error.stack])).not.toContain(KEY);
});

test.each([
  ["https://gateway.example/v1beta", "ends in v1beta,"],
  ["http://127.0.0.1:8080/gemini/v1/", "ends in v1,"],
  ["https://gateway.example/v", "Check embedding.model."],
  [WAY.baseUrl, "Check embedding.model."],
])("404 below the address %s says: %s", (baseUrl, advice) => {
  const cause = new ApiError({ status: 404, message: "<html>Not Found</html>" });
  const { message } = toCallFailure(cause, { ...WAY, baseUrl }).error;
  expect(message).toContain(advice);
  expect(message).not.toContain(baseUrl);
});

test("where Node.js ignores a proxy, a call without an answer says how to make it count", () => {
  const cause = new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND host") });
  const behind = { ...WAY, unusedProxy: "HTTPS_PROXY" };
  const advice = "HTTPS_PROXY names a proxy, but Node.js ignores it: set NODE_USE_ENV_PROXY=1 too";
  expect(toCallFailure(cause, behind).error.message).toContain(advice);
  expect(timedOut(30_000, behind).error.message).toContain(advice);
  expect(toCallFailure(cause, WAY).error.message).toMatch(
    /ENOTFOUND host\)\. Check the network\.$/u,
  );
  expect(timedOut(30_000, WAY).error.message).toMatch(/within 30 s\.$/u);
});

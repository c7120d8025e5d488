import { inspect } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { sendRest } from "../../../src/providers/gemini/gemini-rest.ts";
import { GeminiGenerator } from "../../../src/providers/gemini/gemini-generator.ts";
import { SmartGeminiClient } from "../../../src/providers/gemini/smart-gemini-client.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import { answeringServer } from "../../support/answering-server.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { geminiHarness } from "./gemini-harness.ts";

const KEY = "AIza-very-secret";

const clientAt = (baseUrl: string, fetch?: typeof globalThis.fetch): SmartGeminiClient => {
  const clock = createVirtualClock();
  return new SmartGeminiClient({
    apiKey: KEY,
    baseUrl,
    dimensions: 128,
    clock,
    fetch: fetch ?? heldFetch(clock),
  });
};

const failureOf = (client: SmartGeminiClient): Promise<unknown> =>
  client.embedText("x").catch((error: unknown) => error);

const all = (value: unknown): string => inspect(value, { depth: null, showHidden: true });

const refusal = (error: object): string => JSON.stringify({ error: { code: 400, ...error } });

const JSON_TYPE = "application/json";

test.each([
  ["in its words", JSON_TYPE, refusal({ message: `The key ${KEY} is bad.`, status: "A" })],
  ["in its status", JSON_TYPE, refusal({ message: "x", status: KEY })],
  ["where its words are cut", JSON_TYPE, refusal({ message: "x".repeat(195) + KEY })],
  ["in JSON that it calls text", "text/plain", refusal({ message: KEY, status: KEY })],
  ["in a page", "text/html", `<html>${KEY}</html>`],
])("a service that repeats the key %s gets none into the error", async (_where, type, body) => {
  const { url } = await answeringServer({ status: 400, headers: { "content-type": type }, body });
  const failure = await failureOf(clientAt(url));
  expect(failure).toMatchObject({ code: "INVALID_REQUEST" });
  expect(all(failure)).not.toContain(KEY.slice(0, 5));
});

test("a network that repeats the request gets no key into the error", async () => {
  const failing = (_input: unknown, init?: RequestInit): Promise<Response> => {
    const cause = new Error(`no route for ${all(init?.headers)}`);
    return Promise.reject(new TypeError(`fetch failed for ${KEY}`, { cause }));
  };
  const failure = await failureOf(clientAt("http://127.0.0.1:9", failing));
  expect(failure).toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringContaining(
      "could not reach the Gemini API (fetch failed for [key]: no route",
    ),
  });
  expect(all(failure)).not.toContain(KEY);
});

test("a client never shows its key", async () => {
  const client = clientAt("http://127.0.0.1:9");
  expect(all(client) + JSON.stringify(client)).not.toContain(KEY);
});

test("the key does not follow a redirect to another host", async () => {
  const other = await answeringServer({ status: 200, body: "{}" });
  const location = `${other.url.replace("127.0.0.1", "localhost")}/elsewhere`;
  const { url, requests } = await answeringServer({ status: 307, headers: { location } });
  expect(await failureOf(clientAt(url))).toMatchObject({ code: "UNAVAILABLE" });
  expect(requests[0]).toMatchObject({ "x-goog-api-key": KEY });
  expect(other.requests).toEqual([]);
});

test("the key does not follow an address that the service names", async () => {
  const other = await answeringServer({ status: 200, body: "other" });
  const own = await answeringServer({ status: 200, body: "own" });
  const access = { apiKey: KEY, baseUrl: own.url, unusedProxy: null, fetch: globalThis.fetch };
  const { signal } = new AbortController();
  const request = { method: "GET", path: `${other.url}/upload?id=1`, signal } as const;
  const { text } = await sendRest(access, request);
  expect(text).toBe("own");
  expect(other.requests).toEqual([]);
});

test.each([
  ["both keys", { GOOGLE_API_KEY: "env-a", GEMINI_API_KEY: "env-b" }],
  ["Vertex AI", { GOOGLE_GENAI_USE_VERTEXAI: "true", GOOGLE_GENAI_USE_ENTERPRISE: "true" }],
  ["a project", { GOOGLE_CLOUD_PROJECT: "p", GOOGLE_CLOUD_LOCATION: "l" }],
  ["another version", { GOOGLE_GENAI_API_VERSION: "v9" }],
  ["another address", { GOOGLE_GEMINI_BASE_URL: "http://127.0.0.1:9" }],
])("an environment with %s changes nothing of a call", async (_what, variables) => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  Object.entries(variables).forEach(([name, value]) => vi.stubEnv(name, value));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  const { client, emulator } = await geminiHarness();
  await client.embedText("x");
  const path = "/v1beta/models/gemini-embedding-2:batchEmbedContents";
  expect(emulator.requests).toMatchObject([{ path, headers: { "x-goog-api-key": emulator.key } }]);
});

test.each([
  "http://me:very-secret@host",
  "https://very-secret@host/path",
  "https://host/?key=very-secret",
  "https://host/#very-secret",
  "http://me:very secret@host:port",
  "http://[very-secret",
  "me:very-secret@host?key=very-secret",
  "ftp://very-secret",
  "very-secret",
])("a refused base URL is not repeated: %s", (baseUrl) => {
  const options = { apiKey: KEY, baseUrl };
  for (const create of [
    () => new SmartGeminiClient(options),
    () => new GeminiGenerator({ ...options, model: "writer" }),
  ]) {
    const failure = thrownBy(create);
    expect(failure).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("GOOGLE_GEMINI_BASE_URL"),
    });
    expect(all(failure)).not.toMatch(/secret/u);
  }
});

function thrownBy(create: () => unknown): unknown {
  try {
    return create();
  } catch (error) {
    return error;
  }
}

test.each([
  [
    "its title",
    `<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>${"<p>nginx".repeat(9)}`,
    "The Gemini API answered 502 Bad Gateway: 502 Bad Gateway.",
  ],
  [
    "that it is one",
    `<html><body>${"<p>nginx".repeat(9000)}`,
    "The Gemini API answered 502 Bad Gateway: a web page, perhaps of a proxy.",
  ],
])("of a web page that a proxy sends, the message says only %s", async (_what, body, message) => {
  const headers = { "content-type": "text/html" };
  const { url } = await answeringServer({ status: 502, headers, body });
  const failure = await failureOf(clientAt(url));
  expect(failure).toMatchObject({ code: "UNAVAILABLE", message });
});

test("long words of a network are cut", async () => {
  const failing = () => Promise.reject(new TypeError(`no route ${"x".repeat(100_000)}`));
  const failure = await failureOf(clientAt("http://127.0.0.1:9", failing));
  expect(failure).toMatchObject({ message: expect.stringMatching(/^.{0,400}network\.$/u) });
});

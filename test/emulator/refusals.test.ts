import { expect, test } from "vitest";
import { contentOf, openEmulator } from "./open-emulator.ts";

const PATH = "/v1beta/models/gemini-embedding-001:batchEmbedContents";
const MODEL = "models/gemini-embedding-001";

const request = (more: object = {}) => ({ model: MODEL, content: contentOf("a"), ...more });

/** A problem, a request body that has it, and the message of the refusal. */
const BAD_BODIES: readonly (readonly [string, unknown, string])[] = [
  [
    "a name nobody knows",
    { requests: [request({ autotruncate: true })] },
    `Invalid JSON payload received. Unknown name "autotruncate" at 'requests[0]': Cannot find field.`,
  ],
  [
    "a name nobody knows at the top",
    { requests: [request()], texts: [] },
    `Invalid JSON payload received. Unknown name "texts": Cannot find field.`,
  ],
  [
    "a name nobody knows deep inside",
    { requests: [request({ embedContentConfig: { dimensions: 5 } })] },
    `Invalid JSON payload received. Unknown name "dimensions" at 'requests[0].embed_content_config': Cannot find field.`,
  ],
  ["broken JSON", '{"requests": [', "Invalid JSON payload received."],
  [
    "a task type nobody knows",
    { requests: [request({ taskType: "SEARCH" })] },
    "Invalid value at 'requests[0].task_type'",
  ],
  [
    "101 texts",
    { requests: Array.from({ length: 101 }, () => request()) },
    "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n",
  ],
  [
    "no model",
    { requests: [request(), { content: contentOf("b") }] },
    "* BatchEmbedContentsRequest.requests[1].model: model is not specified",
  ],
  [
    "a model without models/",
    { requests: [request({ model: "gemini-embedding-001" })] },
    "unexpected model name format",
  ],
  [
    "another model than in the address",
    { requests: [request({ model: "models/gemini-embedding-2" })] },
    "must be models/gemini-embedding-001",
  ],
  ["an empty text", { requests: [request({ content: contentOf("") })] }, "contains an empty Part"],
  ["no content", { requests: [{ model: MODEL }] }, "contains an empty Part"],
  [
    "vectors too short",
    { requests: [request({ outputDimensionality: 16 })] },
    "output_dimensionality: must be from 128 to 3072",
  ],
];

test.each(BAD_BODIES)("%s is refused with 400 and not billed", async (_, body, message) => {
  const { emulator, send } = await openEmulator();
  expect(await send("POST", PATH, body)).toMatchObject({
    status: 400,
    body: {
      error: { code: 400, status: "INVALID_ARGUMENT", message: expect.stringContaining(message) },
    },
  });
  expect(emulator.seen.calls).toBe(1);
  expect(emulator.billed.calls).toBe(0);
});

test("an unknown name is also reported as a field violation", async () => {
  const { send } = await openEmulator();
  const { body } = await send("POST", PATH, { requests: [request({ x: 1 })] });
  expect(body).toMatchObject({
    error: {
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [
            { field: "requests[0]", description: expect.stringContaining('Unknown name "x"') },
          ],
        },
      ],
    },
  });
});

test("a text too long for gemini-embedding-2 is refused unless the request allows truncation", async () => {
  const { send } = await openEmulator();
  const path = "/v1beta/models/gemini-embedding-2:embedContent";
  const content = contentOf("word ".repeat(9000));
  expect(await send("POST", path, { content })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining("exceeds the maximum number of tokens") } },
  });
  const embedContentConfig = { autoTruncate: true };
  expect(await send("POST", path, { content, embedContentConfig })).toMatchObject({ status: 200 });
});

test("an unknown model is answered with 404", async () => {
  const { send } = await openEmulator();
  const path = "/v1beta/models/text-embedding-004:batchEmbedContents";
  const requests = [{ model: "models/text-embedding-004", content: contentOf("a") }];
  expect(await send("POST", path, { requests })).toMatchObject({
    status: 404,
    body: { error: { code: 404, status: "NOT_FOUND" } },
  });
});

test("an unknown path is answered with 404 in HTML", async () => {
  const { send } = await openEmulator();
  expect(await send("POST", "/v1beta/models/gemini-embedding-001:embed")).toMatchObject({
    status: 404,
    body: expect.stringContaining("<html>"),
  });
});

test("a missing key is answered with 403, a wrong one with 400", async () => {
  const { send } = await openEmulator();
  expect(await send("GET", "/v1beta/models", null, {})).toMatchObject({
    status: 403,
    body: { error: { status: "PERMISSION_DENIED" } },
  });
  expect(await send("GET", "/v1beta/models", null, { "x-goog-api-key": "no" })).toMatchObject({
    status: 400,
    body: {
      error: {
        status: "INVALID_ARGUMENT",
        details: [
          { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" },
        ],
      },
    },
  });
});

test("the key may be in the query", async () => {
  const { send } = await openEmulator();
  expect(await send("GET", "/v1beta/models?key=emulator-key", null, {})).toMatchObject({
    status: 200,
  });
});

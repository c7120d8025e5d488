import { expect, test } from "vitest";
import { ask, createClient, indexSite } from "../../../src/index.ts";
import { Secret } from "../../../src/words/secret.ts";
import type { VirtualClock } from "../../../src/words/virtual-clock.ts";
import { docsSite } from "../../support/docs-site.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { clientOf, geminiHarness, generatorOf, WRITING_MODEL } from "./gemini-harness.ts";
import { pagesOf } from "./sentence-site.ts";

/** A gateway that forwards what is below `/proxy`, and knows nothing else. */
function gateway(clock: VirtualClock, rewrite: (uploadUrl: string) => string): typeof fetch {
  const forward = heldFetch(clock);
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/proxy/")) return new Response("Not Found", { status: 404 });
    url.pathname = url.pathname.slice("/proxy".length);
    const { method, headers, signal } = request;
    const body = method === "GET" ? null : await request.arrayBuffer();
    const response = await forward(url, { method, headers, signal, body });
    const uploadUrl = response.headers.get("x-goog-upload-url");
    if (uploadUrl !== null) response.headers.set("x-goog-upload-url", rewrite(uploadUrl));
    return response;
  };
}

test.each([
  { what: "as the service names it", rewrite: (url: string) => url },
  {
    what: "rewritten by the gateway",
    rewrite: (url: string) => url.replace("/upload/", "/proxy/upload/"),
  },
])(
  "behind a base URL with a path everything works; the upload's address is $what",
  async ({ rewrite }) => {
    const { clock, emulator } = await geminiHarness();
    const generation = { enrich: "context", model: WRITING_MODEL } as const;
    const embedding = { provider: "gemini", dimensions: 128 } as const;
    const { config } = await docsSite(pagesOf(12), { embedding, generation });
    const options = { baseUrl: `${emulator.url}/proxy`, fetch: gateway(clock, rewrite) };
    const client = clientOf(emulator, clock, options);
    const generator = generatorOf(emulator, clock, options);
    const report = await indexSite({ config, client, generator, clock });
    expect(report).toMatchObject({ failures: [], warnings: [], chunks: { pending: 0, total: 12 } });
    expect(emulator.billed).toMatchObject({ jobs: 1, texts: 12 });
    expect(emulator.generation.billed).toMatchObject({ jobs: 1, requests: 12 });
    const answer = await ask({ config, question: "what does page p3 say", client, generator });
    expect(answer).toMatchObject({ mode: "hybrid", grounded: true });
  },
);

test("an address that ends in a version is named once for all texts, and not the model", async () => {
  const { clock, emulator } = await geminiHarness();
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const { config } = await docsSite(pagesOf(12), { embedding });
  const client = clientOf(emulator, clock, { baseUrl: `${emulator.url}/v1beta` });
  const { failures } = await indexSite({ config, client, clock });
  expect(failures).toEqual([expect.stringMatching(/^12 chunks .* ends in v1beta,/u)]);
  const generator = generatorOf(emulator, clock, { baseUrl: `${emulator.url}/v1beta` });
  const { results } = await generator.generateContent([{ prompt: "Write." }]);
  expect(results).toMatchObject([
    { error: { message: expect.stringContaining("ends in v1beta,") } },
  ]);
});

test("a client of the configuration knows of a proxy that Node.js ignores", async () => {
  const embedding = { provider: "gemini", dimensions: 128 } as const;
  const { config } = await docsSite({}, { embedding, calls: { maxRetries: 0 } });
  const baseUrl = "http://127.0.0.1:1";
  const access = { apiKey: new Secret("key"), baseUrl, unusedProxy: "HTTP_PROXY" };
  const embedded = createClient({ ...config, access }).embedContent([{ text: "x" }]);
  await expect(embedded).rejects.toThrow(/^siterag could not reach .* HTTP_PROXY names a proxy/u);
});

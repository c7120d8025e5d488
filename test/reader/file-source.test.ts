import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openReader, type SiteReader } from "../../src/reader/index.ts";
import { GARDEN, indexOf } from "./published-site.ts";

const SITE = new Map<string, Uint8Array>();
const FOUND = "/roses/#pruning";

const firstUrl = async (reader: SiteReader): Promise<string | undefined> =>
  (await reader.search("pruning"))[0]?.url;

beforeAll(async () => {
  const { files, manifest } = await indexOf(GARDEN);
  for (const { name, bytes } of [manifest, ...files]) SITE.set(name, bytes);
});

describe("files of a folder", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "siterag-test- ü&"));
    for (const [name, bytes] of SITE) await writeFile(join(folder, name), bytes);
  });

  afterAll(() => rm(folder, { recursive: true }));

  it("are found by path, with or without a slash at the end, and by file URL", async () => {
    const places = [folder, `${folder}/`, pathToFileURL(folder), pathToFileURL(folder).href];
    const readers = await Promise.all(places.map((place) => openReader(place)));
    expect(await Promise.all(readers.map(firstUrl))).toEqual(places.map(() => FOUND));
  });

  it("are missing where there is no folder", async () => {
    const place = join(folder, "none");
    await expect(openReader(place)).rejects.toMatchObject({ code: "missing" });
  });

  it("are missing where a file has the folder's name", async () => {
    const place = join(folder, "index.json");
    await expect(openReader(place)).rejects.toMatchObject({ code: "missing" });
  });

  it("cannot be read where a folder has a file's name", async () => {
    const place = join(folder, "other");
    await mkdir(join(place, "index.json"), { recursive: true });
    await expect(openReader(place)).rejects.toMatchObject({ code: "unreachable" });
  });
});

describe("files of a server", () => {
  let origin: string;
  /** Path and `cache-control` of each request. */
  let asked: string[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  const serve = ({ url = "" }: IncomingMessage, response: ServerResponse): void => {
    const bytes = SITE.get(url.replace("/docs/siterag/", ""));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  };
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers["cache-control"] ?? ""}`.trim());
    answer(request, response);
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  });
  beforeEach(() => {
    asked = [];
    answer = serve;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  it("are found below an address, with or without a slash at the end", async () => {
    for (const address of ["/docs/siterag", "/docs/siterag/"]) {
      expect(await firstUrl(await openReader(origin + address))).toBe(FOUND);
    }
    expect(await firstUrl(await openReader(new URL("/docs/siterag/", origin)))).toBe(FOUND);
  });

  it("are asked for with the query of the address, which no message names", async () => {
    answer = (request, response) => {
      const [path, query] = request.url?.split("?k=") ?? [];
      if (query === "a?b") serve(Object.assign(request, { url: path }), response);
      else response.writeHead(500).end();
    };
    expect(await firstUrl(await openReader(`${origin}/docs/siterag?k=a?b#top`))).toBe(FOUND);
    const refused = await openReader(`${origin}/docs/siterag/?k=secret`).catch(String);
    expect(refused).toContain("/docs/siterag/index.json of the search index");
    expect(refused).not.toContain("secret");
  });

  it("are asked for once, and only those that a question needs", async () => {
    const reader = await openReader(`${origin}/docs/siterag/`);
    await firstUrl(reader);
    const first = asked.length;
    await Promise.all([firstUrl(reader), firstUrl(reader)]);
    // The manifest, the table, a shard of terms, and a pack of texts.
    expect([first, asked.length]).toEqual([4, 4]);
    expect(new Set(asked).size).toBe(4);
  });

  it("are asked for past caches when one is gone", async () => {
    const reader = await openReader(`${origin}/docs/siterag/`);
    await reader.inNewestBuild((build) => build.sections([0]));
    answer = (request, response) => {
      if (request.url?.endsWith(".json") === true) serve(request, response);
      else response.writeHead(404).end();
    };
    await expect(firstUrl(reader)).rejects.toMatchObject({ code: "incomplete" });
    expect(asked.filter((line) => line.includes("index.json"))).toEqual([
      "/docs/siterag/index.json",
      "/docs/siterag/index.json no-cache",
    ]);
  });

  it.each([403, 404, 410])("are missing where the server answers %s", async (status) => {
    answer = (_, response) => void response.writeHead(status).end();
    await expect(openReader(origin)).rejects.toMatchObject({ code: "missing" });
  });

  it("cannot be reached where the server fails, and the error names the file", async () => {
    answer = (_, response) => void response.writeHead(503).end();
    await expect(openReader(`${origin}/docs`)).rejects.toMatchObject({
      code: "unreachable",
      message: `${origin}/docs/index.json of the search index: the server answers 503. Try again later.`,
    });
  });

  it("cannot be reached where nobody answers, and are asked for again by the next question", async () => {
    const reader = await openReader(`${origin}/docs/siterag/`);
    await reader.inNewestBuild((build) => build.sections([0]));
    answer = (request) => void request.socket.destroy();
    await expect(reader.search("pruning")).rejects.toMatchObject({ code: "unreachable" });
    answer = serve;
    expect(await firstUrl(reader)).toBe(FOUND);
  });

  it("whose transfer ends too early are an error", async () => {
    const reader = await openReader(`${origin}/docs/siterag/`);
    answer = (_, response) => {
      response.writeHead(200, { "content-length": "5000" });
      response.write("half", () => response.destroy());
    };
    await expect(reader.search("pruning")).rejects.toMatchObject({ code: "unreachable" });
  });

  it("are no longer waited for after the signal", async () => {
    const reader = await openReader(`${origin}/docs/siterag/`);
    await reader.inNewestBuild((build) => build.sections([0]));
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    answer = (_, response) => {
      response.on("close", closed.resolve);
      stop.abort();
    };
    await expect(reader.search("pruning", { signal: stop.signal })).rejects.toThrow("abort");
    await closed.promise;
    answer = serve;
    expect(await firstUrl(reader)).toBe(FOUND);
  });
});

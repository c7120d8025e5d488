import { describe, expect, it } from "vitest";
import { openReader, type FileSource } from "../../src/reader/index.ts";
import { readManifest } from "../../src/reader/manifest.ts";
import { section } from "../publishing/sections.ts";
import { GARDEN, indexOf, memoryFiles, type MemoryFiles } from "./published-site.ts";

const openedWith = async (change: (source: MemoryFiles) => void) => {
  const source = memoryFiles(await indexOf(GARDEN));
  const reader = await openReader(source);
  await reader.inNewestBuild((build) => build.sections([0]));
  change(source);
  return { reader, source };
};

const changedFiles = ({ files }: MemoryFiles, change: (bytes: Uint8Array) => Uint8Array): void => {
  for (const [name, bytes] of files) if (name !== "index.json") files.set(name, change(bytes));
};

describe("opening", () => {
  it("says where no index is", async () => {
    await expect(openReader({ read: async () => null })).rejects.toMatchObject({
      name: "ReaderError",
      code: "missing",
      message: expect.stringContaining("siterag publish --out"),
    });
  });

  it("refuses a newer format, and says what to do", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ format: 2, all: "is different" }));
    await expect(openReader({ read: async () => bytes })).rejects.toMatchObject({
      code: "newer",
      message:
        "The search index has format 2, and this reader knows format 1: load the page again, or update siterag.",
    });
  });

  it.each(["", "<!doctype html>", "null", "[]", '{"format":1}', '{"format":0}', '{"format":"2"}'])(
    "refuses %j in place of a manifest",
    async (text) => {
      const bytes = new TextEncoder().encode(text);
      await expect(openReader({ read: async () => bytes })).rejects.toMatchObject({
        code: "damaged",
        message: expect.stringContaining("publish the index again"),
      });
    },
  );

  it("refuses a manifest that names files elsewhere", async () => {
    const { manifest } = await indexOf(GARDEN);
    const text = new TextDecoder().decode(manifest.bytes);
    const table = /"table":"(?<name>\w+)"/u.exec(text)?.groups?.["name"] ?? "";
    const bytes = new TextEncoder().encode(text.replace(table, "../../aa"));
    await expect(openReader({ read: async () => bytes })).rejects.toMatchObject({
      code: "damaged",
    });
  });
});

describe("a file that is gone", () => {
  it("is found in the newer build, which is opened past caches", async () => {
    const newer = await indexOf([
      ...GARDEN,
      section({ page: "weeds.md", title: "Weeds", text: "Pull them." }),
    ]);
    const fresh: (boolean | undefined)[] = [];
    const source = memoryFiles(await indexOf(GARDEN));
    const counting: FileSource = {
      read(name, signal, options) {
        if (name === "index.json") fresh.push(options?.isFresh);
        return source.read(name, signal, options);
      },
    };
    const reader = await openReader(counting);
    await reader.inNewestBuild((build) => build.sections([0]));
    source.files.clear();
    for (const { name, bytes } of [newer.manifest, ...newer.files]) source.files.set(name, bytes);
    expect((await reader.search("weeds"))[0]?.url).toBe("/weeds/");
    expect(fresh).toEqual([false, true]);
    expect(reader.manifest.pages).toBe(4);
  });

  it("is no reason to answer for a section with another that has its number in the newer build", async () => {
    const { reader, source } = await openedWith(({ files }) => files.clear());
    const newer = await indexOf([section({ page: "a.md", text: "Another." })]);
    for (const { name, bytes } of [newer.manifest, ...newer.files]) source.files.set(name, bytes);
    const asked: (readonly number[])[] = [];
    const texts = await reader.inNewestBuild(async (build) => {
      const numbers = await build.sectionsOf(asked.length === 0 ? "roses.md" : "a.md");
      asked.push(numbers);
      return build.texts(numbers);
    });
    expect([asked, texts]).toEqual([[[1, 2], [0]], ["Another."]]);
  });

  it("lets numbers of one build be used up, though another question has found a newer build", async () => {
    const { reader, source } = await openedWith(() => {});
    const first = section({ page: "a.md", text: "In front." });
    const newer = await indexOf([first, ...GARDEN]);
    const pages: number[][] = [];
    const texts = await reader.inNewestBuild(async (build) => {
      const ranked = await build.rank("secateurs");
      if (pages.length === 0) {
        source.files.clear();
        for (const { name, bytes } of [newer.manifest, ...newer.files])
          source.files.set(name, bytes);
        await reader.search("roses");
      }
      pages.push((await build.rankPages(ranked)).map(({ page }) => page));
      return build.texts(ranked.numbers);
    });
    expect(texts).toEqual(["Prune the roses in spring, with sharp **secateurs**."]);
    expect(pages).toEqual([[1], [2]]);
  });

  it("is named in an error when there is no newer build, after one more try", async () => {
    const { reader, source } = await openedWith(({ files }) => {
      for (const name of files.keys()) if (name !== "index.json") files.delete(name);
    });
    await expect(reader.search("roses")).rejects.toMatchObject({
      code: "incomplete",
      message: expect.stringMatching(/^The file [a-z2-7]{8}\.txt .* is missing: /u),
    });
    expect(source.asked.filter((name) => name === "index.json")).toHaveLength(2);
  });
});

describe("a file that is not what was written", () => {
  it.each([
    ["cut", (bytes: Uint8Array) => bytes.slice(0, -1)],
    ["empty", () => new Uint8Array()],
    ["changed", (bytes: Uint8Array) => bytes.with(bytes.length - 1, 255 - (bytes.at(-1) ?? 0))],
    ["another page", () => new TextEncoder().encode("<!doctype html><h1>Not found</h1>")],
  ])("is named in an error: %s", async (_, change) => {
    const { reader } = await openedWith((source) => changedFiles(source, change));
    await expect(reader.search("roses")).rejects.toMatchObject({
      code: "damaged",
      message: expect.stringMatching(/^The file [a-z2-7]{8}\.txt .* is cut or changed: publish /u),
    });
  });

  it("is read again past caches", async () => {
    const source = memoryFiles(await indexOf(GARDEN));
    const cutOnce: FileSource = {
      async read(name, signal, options) {
        const bytes = await source.read(name, signal);
        return options === undefined ? (bytes?.slice(0, -1) ?? null) : bytes;
      },
    };
    const [hit] = await (await openReader(cutOnce)).search("pruning");
    expect(hit?.url).toBe("/roses/#pruning");
  });

  it("is an error when its parts do not fit, though its sum does", async () => {
    const source = memoryFiles(await indexOf(GARDEN));
    const { table, terms } = readManifest(source.files.get("index.json") ?? new Uint8Array());
    const reader = await openReader(source);
    const shard = source.files.get(terms[0]?.name ?? "");
    source.files.set(table, shard ?? new Uint8Array());
    await expect((await openReader(source)).search("roses")).rejects.toMatchObject({
      code: "damaged",
    });
    expect(await reader.suggest("ros")).toContain("roses");
  });
});

describe("a signal", () => {
  it("ends a search, and what only it waits for", async () => {
    const source = memoryFiles(await indexOf(GARDEN));
    const signals: (AbortSignal | undefined)[] = [];
    const held: FileSource = {
      read(name, signal) {
        if (name === "index.json") return source.read(name);
        signals.push(signal);
        return Promise.withResolvers<Uint8Array>().promise;
      },
    };
    const reader = await openReader(held);
    const stop = new AbortController();
    const search = reader.search("roses", { signal: stop.signal });
    stop.abort(new Error("The next letter was typed."));
    await expect(search).rejects.toThrow("The next letter was typed.");
    // The table is still wanted: it was asked for when the index was opened.
    expect(signals.map((signal) => signal?.aborted)).toEqual([false, true]);
  });

  it("that has ended before begins nothing", async () => {
    const { reader, source } = await openedWith(() => {});
    const before = source.asked.length;
    await expect(reader.search("roses", { signal: AbortSignal.abort() })).rejects.toThrow("abort");
    expect(source.asked).toHaveLength(before);
  });
});

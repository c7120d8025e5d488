import { describe, expect, test } from "vitest";
import type { VerifyReport } from "../../src/verifying/report.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";
import { VERIFIED } from "./verified.ts";

const GOOD = { total: 10, wrong: 0, share: 1 };

async function verified(changes: Partial<VerifyReport>, ...flags: readonly string[]) {
  const useCases = { verifySite: async () => ({ ...VERIFIED, ...changes }) };
  return record(["verify", ...flags], { cwd: await folderWith({}), useCases });
}

describe("--min holds for each of the four figures", () => {
  test.each(["urls", "anchors", "missing", "neverShown"])("%s", async (name) => {
    const all = { urls: GOOD, anchors: GOOD, missing: GOOD, neverShown: GOOD };
    const figures = { ...all, [name]: { total: 1000, wrong: 5, share: 995 / 1000 } };
    expect((await verified({ figures }, "--min", "0.995")).exitCode).toBe(0);
    const failed = await verified({ figures }, "--min", "0.996");
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain("A share is below 0.996.");
    const json = await verified({ figures }, "--min", "0.996", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ min: 0.996, passed: false });
  });
});

test("without --min nothing fails, and nothing is said to be passed", async () => {
  const { exitCode, stdout } = await verified({}, "--json");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ min: null, passed: null });
});

test("what is rounded never looks perfect", async () => {
  const nearly = { total: 100_000, wrong: 1, share: 0.99999 };
  const figures = { ...VERIFIED.figures, urls: nearly, neverShown: nearly };
  const { stdout } = await verified({ figures });
  expect(stdout).toContain("URLs that exist      99.99 %");
  expect(stdout).toContain("words never shown     0.01 %");
});

test("a word as long as a key is shortened, and its number is not", async () => {
  const key = "0123456789abcdef".repeat(20);
  const words = { anchors: [], missing: { [key]: 2 }, neverShown: {} };
  const kinds = ["words missing"] as const;
  const page = { page: "a.md", url: "/a/", file: "a/index.html", kinds, ...words };
  const { stdout } = await verified({ differing: [page] });
  expect(stdout).toContain("  a.md: 2 words: 0123456789abcdef0123456789abcdef… (2×)\n");
});

test("why nothing was stored is told", async () => {
  const corrections = { urls: [], anchors: [], withdrawn: [] };
  const { stdout } = await verified({ notStored: "The store is read-only.", corrections });
  expect(stdout).toContain("not stored The store is read-only.\n");
  expect(stdout).not.toContain("Corrected");
});

test.each([["2"], ["-1"], ["most"]])("--min %s is refused", async (min) => {
  expect((await verified({}, "--min", min)).exitCode).toBe(2);
});

test("the folder of --site is relative to the configuration, and does not change what is indexed", async () => {
  const cwd = await folderWith({
    "siterag.config.json": '{ "embedding": { "provider": "mock" } }',
    "docs/a.md": "# A\n\nText.\n",
    "public/a/index.html": '<main><h1 id="a">A</h1><p>Text.</p></main>',
  });
  const none = await record(["verify"], { cwd });
  expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining("--site")]);
  const before = await record(["verify", "--site", "public"], { cwd });
  expect([before.exitCode, before.stderr]).toEqual([2, expect.stringContaining("siterag index")]);
  await record(["index"], { cwd });
  const { exitCode, stdout } = await record(["verify", "--site", "public", "--min", "1"], { cwd });
  expect(exitCode).toBe(0);
  await expect(stdout.replaceAll(cwd, "<cwd>")).toMatchFileSnapshot("../../golden/cli/verify.txt");
});

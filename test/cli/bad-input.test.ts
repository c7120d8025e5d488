import { describe, expect, test, onTestFinished, vi } from "vitest";
import { SiteragError } from "../../src/words/errors.ts";
import { folderWith } from "../support/temporary-folder.ts";
import { record, transcript } from "./recording.ts";

interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly says: string;
}

/** All of them are usage: exit code 2. */
const CASES: readonly Case[] = [
  { name: "no-command", argv: [], says: "Usage: siterag" },
  { name: "unknown-command", argv: ["serch", "x"], says: "Did you mean search?" },
  { name: "unknown-subcommand", argv: ["cache", "stat"], says: "Did you mean stats?" },
  { name: "unknown-flag", argv: ["index", "--jsno"], says: "Did you mean --json?" },
  { name: "unknown-own-flag", argv: ["search", "x", "--limt", "3"], says: "Did you mean --limit?" },
  { name: "no-query", argv: ["search"], says: "missing required argument 'query'" },
  { name: "no-question", argv: ["ask"], says: "missing required argument 'question'" },
  { name: "blank-question", argv: ["ask", " "], says: "the question is empty" },
  { name: "too-many", argv: ["related", "a", "b"], says: "too many arguments" },
  { name: "bad-mode", argv: ["search", "x", "--mode", "fast"], says: "hybrid, vector, text" },
  { name: "bad-limit", argv: ["search", "x", "--limit", "0"], says: "whole number from 1 to 100" },
  {
    name: "unknown-filter",
    argv: ["search", "x", "--filter", "local=de"],
    says: "did you mean locale?",
  },
  {
    name: "filter-twice",
    argv: ["search", "x", "--filter", "page=a.md", "--filter", "page=b.md"],
    says: "Give page= only once",
  },
  {
    name: "no-published-place",
    argv: ["search", "x", "--published", ""],
    says: "--published needs a folder or an address",
  },
  { name: "no-batch-file", argv: ["search", "--batch-query", "none.txt"], says: "cannot be read" },
  {
    name: "no-page-list",
    argv: ["index", "--batch-from-file", "none.txt"],
    says: "cannot be read",
  },
  {
    name: "unknown-key",
    argv: ["index"],
    config: "{ content: { rot: docs } }",
    says: ".siteragrc: content.rot: unknown key; did you mean content.root?",
  },
  {
    name: "wrong-type",
    argv: ["status"],
    config: "{ chunking: { maxTokens: many } }",
    says: '.siteragrc: chunking.maxTokens: expected a number, got "many"',
  },
  {
    name: "bad-strategy",
    argv: ["index"],
    config: "{ batching: { strategy: fast } }",
    says: 'expected one of "auto", "batch", "individual", got "fast"',
  },
  {
    name: "bad-strategy-flag",
    argv: ["index", "--batching-strategy", "fast"],
    says: "Allowed choices are auto, batch, individual;",
  },
  {
    name: "bad-strategy-variable",
    argv: ["index"],
    config: "{ batching: { strategy: batch } }",
    env: { SITERAG_BATCHING_STRATEGY: "fast" },
    says: 'SITERAG_BATCHING_STRATEGY: expected one of "auto", "batch", "individual", got "fast"',
  },
  {
    name: "several-problems",
    argv: ["index"],
    config: "{ maxTokens: 1, search: { limit: 0 } }",
    says: "chunking.maxTokens",
  },
  {
    name: "several-problems-json",
    argv: ["index", "--json"],
    config: "{ maxTokens: 1, search: { limit: 0 } }",
    says: "chunking.maxTokens",
  },
  {
    name: "html-without-site",
    argv: ["index"],
    config: "{ content: { from: html } }",
    says: "content.site: expected the folder of the built site",
  },
  {
    name: "broken-config",
    argv: ["index"],
    config: "content: [",
    says: ".siteragrc cannot be read",
  },
  {
    name: "no-such-config",
    argv: ["status", "--config", "none.ts"],
    says: "none.ts cannot be read: there is no such file",
  },
  {
    name: "flag-before-config",
    argv: ["index", "--nope"],
    config: "{ nope: 1 }",
    says: "unknown option '--nope'",
  },
];

describe("a bad input gets one clear message, exit code 2 and no stack", () => {
  test.each(CASES)("$name", async ({ name, argv, config, env = {}, says }) => {
    const cwd = await folderWith(config === undefined ? {} : { ".siteragrc": config });
    const recorded = await record(argv, { cwd, env, useCases: {} });
    expect(recorded).toMatchObject({ exitCode: 2, stdout: "" });
    expect(recorded.stderr).toContain(says);
    expect(recorded.stderr).not.toMatch(/^\s+at /m);
    const text = transcript(argv, cwd, recorded);
    await expect(text).toMatchFileSnapshot(`../../golden/cli/bad-${name}.txt`);
  });
});

test.each([["status"], ["status", "--json"]])(
  "%j tells after two seconds that a configuration does not load",
  async (...argv) => {
    const cwd = await folderWith({ "siterag.config.mjs": "await new Promise(() => {});" });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const recorded = record(argv, { cwd, useCases: {} });
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(2));
    vi.advanceTimersByTime(30_000);
    const { exitCode, stderr, stdout } = await recorded;
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^Waiting until \d\d:\d\d:\d\d at the latest for siterag\.config\.mjs to load\.$/u,
      ),
      expect.stringContaining("it does not finish"),
      "",
    ]);
  },
);

test("with --json the error is one line on stderr", async () => {
  const cwd = await folderWith({ ".siteragrc": "{ a: 1, b: 2 }" });
  const { stdout, stderr } = await record(["status", "--json"], { cwd, useCases: {} });
  expect(stdout).toBe("");
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

const statusFailingWith = (failure: Error) => ({ readStatus: () => Promise.reject(failure) });

describe("a failure of a use case", () => {
  test("keeps the exit code of its kind", async () => {
    const cwd = await folderWith({});
    const useCases = statusFailingWith(new SiteragError("STORE_LOCKED", "held by 42"));
    expect(await record(["status"], { cwd, useCases })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "siterag: held by 42\n",
    });
  });

  test("nobody expected is one line, with a way to the stack", async () => {
    const cwd = await folderWith({});
    const useCases = statusFailingWith(new TypeError("lance\n   at rust"));
    const plain = await record(["status"], { cwd, useCases });
    expect(plain.exitCode).toBe(1);
    expect(plain.stderr).toBe(
      "siterag: unexpected error: TypeError: lance (set SITERAG_DEBUG=1 to see where it comes from)\n",
    );
    const env = { SITERAG_DEBUG: "1" };
    const debug = await record(["status"], { cwd, env, useCases });
    expect(debug.stderr).toMatch(/^\s+at .*bad-input/m);
    const empty = await record(["status"], {
      cwd,
      env: { SITERAG_DEBUG: "" },
      useCases,
    });
    expect(empty.stderr).toBe(plain.stderr);
  });

  test("after an interruption ends with 130, whatever was thrown", async () => {
    const cwd = await folderWith({});
    const controller = new AbortController();
    const search = () => {
      controller.abort();
      return Promise.reject(new Error("aborted somewhere"));
    };
    const { signal } = controller;
    const recorded = await record(["search", "x"], { cwd, signal, useCases: { search } });
    expect(recorded.exitCode).toBe(130);
    expect(recorded.stderr).toContain("interrupted");
  });
});

import { expect, onTestFinished, test, vi } from "vitest";
import { SiteragError } from "../../src/words/errors.ts";
import { nearestName } from "../../src/words/nearest-name.ts";
import { safeLogger, safeMessage } from "../../src/words/safe-message.ts";

test.each([
  ["cannot open s3://me:pass@bucket/db", "cannot open s3://…@bucket/db"],
  ["cannot open s3://me:p/a?s#s@bucket", "cannot open s3://…@bucket"],
  ["cannot open s3://token@bucket", "cannot open s3://…@bucket"],
  [`"az://a/b?sv=1&sig=abc%3D&x=2" is away`, `"az://a/b?sv=1&sig=…&x=2" is away`],
  ["db://a?api_key=abc", "db://a?api_key=…"],
  ["the model AIzaSyD-0123456789abc is unknown", "the model [key] is unknown"],
  ["see https://example.org/a?b=c#d, or me@example.org", null],
  ["see https://www.npmjs.com/package/@google/genai", null],
  ["Expected key=value.", null],
])("%s", (message, expected) => {
  expect(safeMessage(message)).toBe(expected ?? message);
});

test("a message has no character that steers a terminal, but keeps its lines", () => {
  const message = "a\u001Bc\u009B2J\rb\u2028c\u202Ed\u2066e\u061Cf\nnext";
  expect(safeMessage(message)).toBe("a c 2J b cdef\nnext");
});

test("a long line loses its middle, so that the advice at its end stays", () => {
  const message = safeMessage(`unknown page ${"x".repeat(1_000_000)}; see siterag --help\nnext`);
  expect(message).toMatch(/^unknown page x+…x+; see siterag --help\nnext$/u);
  expect(message.length).toBeLessThan(800);
  expect(safeMessage("🎉".repeat(100_000)).isWellFormed()).toBe(true);
});

test("every error and every line of a log is safe", () => {
  const lines: string[] = [];
  const write = (line: string): number => lines.push(line);
  const logger = safeLogger({ info: write, warn: write });
  logger.info("one \u001B[2J");
  logger.warn("two db://me:pass@host");
  expect(lines).toEqual(["one  [2J", "two db://…@host"]);
  expect(new SiteragError("USAGE", `${"x".repeat(5000)}\u202E`).message).toMatch(/^x+…x+$/u);
});

test("a long name is compared with others by its start alone", () => {
  const names = Array.from({ length: 20 }, (_, index) => `guide/page-${index}.md`);
  const reads = vi.spyOn(String.prototype, "charCodeAt");
  onTestFinished(() => reads.mockRestore());
  expect(nearestName(names, `guide/page-7.md${"x".repeat(20_000)}`)).toBe("guide/page-7.md");
  expect(reads.mock.calls.length).toBeLessThan(10_000);
});

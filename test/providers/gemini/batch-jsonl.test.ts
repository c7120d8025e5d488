import { expect, test } from "vitest";
import { linesOf, rowOf } from "../../../src/providers/gemini/batch-jsonl.ts";
import { TASK_FORMS } from "../../../src/providers/gemini/task-forms.ts";
import { GEMINI_MODELS } from "../../../src/planning/gemini-profile.ts";

test.each(GEMINI_MODELS)("the input file of a job of %s", async (model) => {
  const texts = [
    { key: "one", input: { title: "Guide > Install", text: "Run the installer." } },
    { key: "two", input: { title: null, text: 'Größe: 漢字 🦊\nand "quotes"' } },
  ];
  const order = { displayName: "siterag-0", texts, taskType: "RETRIEVAL_DOCUMENT" } as const;
  const form = { model, dimensions: 128, form: TASK_FORMS[model] };
  const lines = [...linesOf(order, form)].map((line) => `${line}\n`);
  await expect(lines.join("")).toMatchFileSnapshot(`../../../golden/wire/job-${model}.jsonl`);
});

test("rows come under their keys, vectors with length 1, failures as errors", () => {
  const lines = [
    { key: "b", response: { embedding: { values: [3, 4] }, usageMetadata: {} } },
    { key: "a", error: { code: 3, message: "too odd" } },
    { key: "c", error: { code: 1 } },
  ];
  const rows = lines.map((line) => rowOf(JSON.stringify(line)));
  expect(rows.map((row) => row?.key)).toEqual(["b", "a", "c"]);
  expect(rows[0]).toMatchObject({ output: { vector: Float32Array.of(0.6, 0.8) } });
  expect(rows[1]).toMatchObject({
    error: { code: "EMBEDDING_FAILED", message: expect.stringContaining("code 3: too odd") },
  });
});

test.each(['"0.8"', "null", "1e999", "[0.8]"])("a vector with %s in it is not a row", (number) => {
  const line = `{"key":"a","response":{"embedding":{"values":[0.6,${number}]}}}`;
  expect(rowOf(line)).toBe(null);
  expect(rowOf(line.replace(number, "0.8"))).toMatchObject({ key: "a" });
});

test.each(["<html>Bad gateway</html>", '{"key":"a"', "", '{"key":7}', "null"])(
  "the line %j is no row",
  (line) => {
    expect(rowOf(line)).toBe(null);
  },
);

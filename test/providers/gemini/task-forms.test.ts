import { assert, constantFrom, option, property, string } from "fast-check";
import { expect, test } from "vitest";
import { embeddingText } from "../../../src/chunking/embedding-input.ts";
import { estimateTokens } from "../../../src/chunking/tokens.ts";
import { TASK_FORMS } from "../../../src/providers/gemini/task-forms.ts";
import { GEMINI_MODELS, geminiProfile } from "../../../src/planning/gemini-profile.ts";

const document = { title: "Guide > Install", text: "Run it." };
const untitled = { title: null, text: "Run it." };

test.each([
  ["gemini-embedding-2", "RETRIEVAL_DOCUMENT", document, "title: Guide > Install | text: Run it."],
  ["gemini-embedding-2", "RETRIEVAL_DOCUMENT", untitled, "title: none | text: Run it."],
  ["gemini-embedding-2", "RETRIEVAL_QUERY", untitled, "task: search result | query: Run it."],
  [
    "gemini-embedding-2",
    "QUESTION_ANSWERING",
    untitled,
    "task: question answering | query: Run it.",
  ],
  ["gemini-embedding-2", "FACT_VERIFICATION", untitled, "task: fact checking | query: Run it."],
  ["gemini-embedding-2", "CODE_RETRIEVAL_QUERY", untitled, "task: code retrieval | query: Run it."],
  ["gemini-embedding-2", "CLASSIFICATION", untitled, "task: classification | query: Run it."],
  ["gemini-embedding-2", "CLUSTERING", untitled, "task: clustering | query: Run it."],
  [
    "gemini-embedding-2",
    "SEMANTIC_SIMILARITY",
    untitled,
    "task: sentence similarity | query: Run it.",
  ],
  ["gemini-embedding-001", "RETRIEVAL_DOCUMENT", document, "Guide > Install\n\nRun it."],
  ["gemini-embedding-001", "RETRIEVAL_QUERY", untitled, "Run it."],
] as const)("%s gets the task %s in its own form", (model, taskType, input, text) => {
  expect(TASK_FORMS[model].textOf(input, taskType)).toBe(text);
});

test("the older model has a parameter for the task, the newer one has none", () => {
  expect(TASK_FORMS["gemini-embedding-001"].parameterOf("CLUSTERING")).toBe("CLUSTERING");
  expect(TASK_FORMS["gemini-embedding-2"].parameterOf("CLUSTERING")).toBeUndefined();
});

test("no form adds more tokens around a text than the planner counts on", () => {
  const tasks = constantFrom(
    "RETRIEVAL_DOCUMENT",
    "RETRIEVAL_QUERY",
    "QUESTION_ANSWERING",
    "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
    "CLASSIFICATION",
    "CLUSTERING",
    "SEMANTIC_SIMILARITY",
  );
  const titles = option(string({ minLength: 1 }), { nil: null });
  const models = constantFrom(...GEMINI_MODELS);
  assert(
    property(models, tasks, titles, string({ minLength: 1 }), (model, task, title, text) => {
      const sent = estimateTokens(TASK_FORMS[model].textOf({ title, text }, task));
      const known = estimateTokens(embeddingText({ title, text }));
      const { tokensAroundText } = geminiProfile(model, 768, { tier: "free" }).individual.limits;
      expect(sent).toBeLessThanOrEqual(known + tokensAroundText);
    }),
    { numRuns: 2000 },
  );
});

import { embeddingText } from "../../chunking/embedding-input.ts";
import type { EmbeddingInput, TaskType } from "../../words/types.ts";
import type { GeminiModel } from "../../planning/gemini-profile.ts";

/** How a model is told what a vector is for. */
export interface TaskForm {
  /** Part of every fingerprint: another form, another vector. */
  readonly name: string;
  /** The text as it is sent. */
  readonly textOf: (input: EmbeddingInput, taskType: TaskType) => string;
  /** The task type as a parameter of the call, where the model has one. */
  readonly parameterOf: (taskType: TaskType) => TaskType | undefined;
}

/**
 * The words of each task for `gemini-embedding-2`, which knows no parameter for it:
 * https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026. Documents have a form of
 * their own.
 */
const TASKS: Readonly<Record<Exclude<TaskType, "RETRIEVAL_DOCUMENT">, string>> = {
  RETRIEVAL_QUERY: "search result",
  QUESTION_ANSWERING: "question answering",
  FACT_VERIFICATION: "fact checking",
  CODE_RETRIEVAL_QUERY: "code retrieval",
  CLASSIFICATION: "classification",
  CLUSTERING: "clustering",
  SEMANTIC_SIMILARITY: "sentence similarity",
};

/** The form of each model. */
export const TASK_FORMS: Readonly<Record<GeminiModel, TaskForm>> = {
  "gemini-embedding-001": {
    name: "task-type-1",
    // The SDK takes one title for all texts of a call, so that each text brings its own.
    textOf: embeddingText,
    parameterOf: (taskType) => taskType,
  },
  "gemini-embedding-2": {
    name: "prompt-1",
    textOf: (input, taskType) =>
      taskType === "RETRIEVAL_DOCUMENT"
        ? `title: ${input.title ?? "none"} | text: ${input.text}`
        : `task: ${TASKS[taskType]} | query: ${input.text}`,
    parameterOf: () => undefined,
  },
};

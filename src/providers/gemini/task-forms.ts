import { embeddingText } from "../../chunking/embedding-input.ts";
import type { EmbeddingInput, TaskType } from "../../words/types.ts";
import type { GeminiModel } from "../../planning/gemini-profile.ts";

/** How a request tells a model what the vector is for. */
export interface TaskForm {
  /** Part of every fingerprint, because another form makes another vector. */
  readonly name: string;
  readonly textOf: (input: EmbeddingInput, taskType: TaskType) => string;
  /** The call's task type parameter; undefined when the model has none. */
  readonly parameterOf: (taskType: TaskType) => TaskType | undefined;
}

/**
 * How a text tells `gemini-embedding-2`, which has no task parameter, its task:
 * https://ai.google.dev/gemini-api/docs/embeddings, read in November 2026. Documents have their own form.
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

/** The task form of each model. */
export const TASK_FORMS: Readonly<Record<GeminiModel, TaskForm>> = {
  "gemini-embedding-001": {
    name: "task-type-1",
    // The SDK takes one title per call, so each text carries its own.
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

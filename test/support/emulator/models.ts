import { Refusal } from "./refusal.ts";

/** An embedding model of the service. */
export interface Model {
  /** `models/…` */
  readonly name: string;
  readonly displayName: string;
  readonly version: string;
  readonly inputTokenLimit: number;
  /** US dollars per million input tokens: https://ai.google.dev/gemini-api/docs/pricing */
  readonly prices: { readonly online: number; readonly batch: number };
  /** The model's name in `quotaDimensions`. */
  readonly quotaName: string;
  /**
   * `by-parameter`: the task type turns the vector, and only vectors of full length are unit
   * vectors. `by-prompt`: the task type has no effect, and every vector is a unit vector.
   */
  readonly task: "by-parameter" | "by-prompt";
  /** How the model treats a text beyond the limit. */
  readonly overlong: "truncated" | "refused";
}

/** Default and longest length of a vector. */
export const MAX_DIMENSIONS = 3072;
export const MIN_DIMENSIONS = 128;

/**
 * The embedding models in service: https://ai.google.dev/gemini-api/docs/models. How the service
 * treats a text too long for `gemini-embedding-2` is not documented; refusal is the stricter guess.
 */
const MODELS: readonly Model[] = [
  {
    name: "models/gemini-embedding-001",
    displayName: "Gemini Embedding 001",
    version: "001",
    inputTokenLimit: 2048,
    prices: { online: 0.15, batch: 0.075 },
    quotaName: "gemini-embedding-1.0",
    task: "by-parameter",
    overlong: "truncated",
  },
  {
    name: "models/gemini-embedding-2",
    displayName: "Gemini Embedding 2",
    version: "2",
    inputTokenLimit: 8192,
    prices: { online: 0.2, batch: 0.1 },
    quotaName: "gemini-embedding-2",
    task: "by-prompt",
    overlong: "refused",
  },
];

/** The model of that name, which begins with `models/`. Throws the API's refusal of any other. */
export function modelOf(name: string, method: string): Model {
  const model = MODELS.find((one) => one.name === name);
  if (model !== undefined) return model;
  throw unknownModel(name, method);
}

const unknownModel = (name: string, method: string): Refusal =>
  new Refusal(
    "NOT_FOUND",
    `${name} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
  );

/** The generating model, by its name in the recorded exchanges. */
const WRITING_MODEL = "models/gemini-3.8-flash";

/** The model of that name, which begins with `models/`. Throws the API's refusal of any other. */
export function writingModelOf(name: string, method: string): Pick<Model, "name" | "quotaName"> {
  if (name !== WRITING_MODEL) throw unknownModel(name, method);
  return { name, quotaName: name.slice("models/".length) };
}

/** The model as `GET models/{model}` shows it. */
export const modelResource = (model: Model) => ({
  name: model.name,
  version: model.version,
  displayName: model.displayName,
  inputTokenLimit: model.inputTokenLimit,
  outputTokenLimit: 1,
  supportedGenerationMethods: [
    "embedContent",
    "countTextTokens",
    "countTokens",
    "asyncBatchEmbedContent",
  ],
});

/** `GET models` */
export const modelList = () => ({ models: MODELS.map(modelResource) });

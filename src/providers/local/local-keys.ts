import { z } from "zod";
import { countSchema } from "../../config/values.ts";
import type { ProviderKeys } from "../../config/provider-keys.ts";
import { SiteragError } from "../../words/errors.ts";
import { once } from "../../words/once.ts";
import { POOLINGS, PRESETS } from "./presets.ts";

/** Forms of the weights, each with the end of its file name in `onnx/`. */
export const DTYPES = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4: "_q4",
} as const;

const NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/u;

/** Which model. */
const fileKeys = () => ({
  model: z
    .custom<string>((value) => typeof value === "string" && NAME.test(value), {
      error: `one of ${Object.keys(PRESETS).join(", ")}, or owner/name of a repository; a folder belongs into embedding.localModelPath`,
    })
    .describe("Name of a preset or of a repository (owner/name): a sentence-embedding model."),
  dimensions: countSchema(0, 8192)
    .default(0)
    .describe("Length of the vectors. 0: as the preset or the model's config.json says."),
  revision: z
    .string()
    .regex(/^[\w./-]+$/u, "a branch, a tag or a commit")
    .default("main")
    .describe("Branch, tag or commit of the repository; a commit never changes."),
  localModelPath: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "Folder of the model, or one with a folder of its name; what is there is not fetched.",
    ),
  allowRemote: z
    .boolean()
    .default(true)
    .describe("Whether a missing model may be fetched from the Hugging Face hub."),
  dtype: z
    .enum(["fp32", "fp16", "q8", "int8", "uint8", "q4"])
    .default("fp32")
    .describe("Form of the weights. With others, a vector depends a little on its batch."),
});

/** How it is run. */
const runKeys = () => ({
  device: z.string().min(1).default("cpu").describe("What runs the model, such as cpu or cuda."),
  threads: countSchema(1, 256)
    .nullable()
    .default(null)
    .describe("Threads of the runtime. null: one for each core."),
  contextTokens: countSchema(8, 131_072)
    .nullable()
    .default(null)
    .describe("Tokens of the longest text; the rest is cut, with a warning. null: the model's."),
  pooling: z
    .enum(POOLINGS)
    .nullable()
    .default(null)
    .describe("mean, cls, or model where its file makes sentences. null: the preset's, or mean."),
  queryPrefix: z
    .string()
    .nullable()
    .default(null)
    .describe("Put before each query. null: the preset's, or nothing."),
  passagePrefix: z
    .string()
    .nullable()
    .default(null)
    .describe("Put before each passage. null: the preset's, or nothing."),
  batchSize: countSchema(1, 1024).default(32).describe("Most texts that the model reads at once."),
  batchTokens: countSchema(1, 1_000_000)
    .default(512)
    .describe("Most tokens that it reads at once, padding included."),
});

/** The configuration keys of a model that runs on this machine. */
export const localKeys = {
  name: "local",
  summary: "runs a model on your machine, by the package @huggingface/transformers",
  keys: once(() => z.strictObject({ ...fileKeys(), ...runKeys() })),
} as const satisfies ProviderKeys;

export type LocalSettings = z.infer<ReturnType<typeof localKeys.keys>>;

/** The same as a caller writes them. */
export type LocalInput = z.input<ReturnType<typeof localKeys.keys>>;

/** Fills in the defaults. Throws CONFIG_INVALID. */
export function checkedSettings(keys: unknown): LocalSettings {
  const checked = localKeys.keys().safeParse(keys);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map(
    ({ message, path }) => `embedding.${path.join(".")}: ${message}`,
  );
  throw new SiteragError("CONFIG_INVALID", problems.join("\n"), { cause: checked.error });
}

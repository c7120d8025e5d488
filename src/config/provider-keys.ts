import { z } from "zod";
import { READ_ONCE } from "../words/json.ts";
import { isComplete, shapeOf } from "./key.ts";
import { defaults, SECTIONS } from "./keys.ts";
import { mergeSettings, type Settings } from "./merge-settings.ts";
import type { CheckedConfig, EmbeddingConfig } from "./schema.ts";

/** What the configuration reads of a provider. */
export interface ProviderKeys {
  readonly name: string;
  /** Ends the sentence that begins with the name, in what editors show with the key. */
  readonly summary: string;
  /** The keys of the block `embedding` beside `provider`, as the table in `keys.ts` has them. */
  readonly keys: () => z.ZodType<Omit<EmbeddingConfig, "provider">> & { readonly shape: Shape };
  /** What the provider cannot do with the settings of all blocks together. */
  readonly conflicts?: (config: CheckedConfig) => Iterable<Conflict>;
}

/** All providers. The first one is the default. */
export type ProviderTable = readonly [ProviderKeys, ...ProviderKeys[]];

/** A setting that is wrong only beside others. */
export interface Conflict {
  readonly path: readonly [block: string, key: string];
  /** What was expected. */
  readonly message: string;
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** Checks a whole configuration: fills in what is left out, and refuses what is wrong. */
export function checkConfig(providers: ProviderTable, given: unknown): CheckResult {
  const { content, chunking, ...others } = SECTIONS;
  const checked = z
    .strictObject({
      ...shapeOf({ content, chunking }, given),
      embedding: embeddingBlock(providers),
      ...shapeOf(others, given),
    })
    .superRefine((values, context) => {
      const config = completed(values);
      const { conflicts } = rowOf(providers, config.embedding.provider);
      for (const { path, message } of [...conflictsOf(config), ...(conflicts?.(config) ?? [])]) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    })
    .safeParse(given, READ_ONCE);
  return checked.success
    ? { success: true, data: completed(checked.data) }
    : { success: false, error: checked.error };
}

type CheckResult =
  | { readonly success: true; readonly data: CheckedConfig; readonly error?: undefined }
  | { readonly success: false; readonly data?: undefined; readonly error: z.ZodError };

/** Adds the defaults to checked values. */
function completed({ embedding, ...checked }: Checked): CheckedConfig {
  const blocks: unknown = mergeSettings(defaults(), checked);
  if (!isComplete(SECTIONS, blocks)) throw new TypeError("A checked configuration is incomplete.");
  const { content, chunking, ...others } = blocks;
  return { content, chunking, embedding, ...others };
}

interface Checked extends Settings {
  readonly embedding: EmbeddingConfig;
}

function* conflictsOf({ calls, chunking, content }: CheckedConfig): Generator<Conflict> {
  if (content.from === "html" && content.site === null) {
    const message = 'the folder of the built site, because content.from is "html"';
    yield { path: ["content", "site"], message };
  }
  if (chunking.overlapTokens * 2 > chunking.maxTokens) {
    const message = `at most half of chunking.maxTokens (${chunking.maxTokens})`;
    yield { path: ["chunking", "overlapTokens"], message };
  }
  if (calls.initialBackoffMs > calls.maxBackoffMs) {
    const message = `at most calls.maxBackoffMs (${calls.maxBackoffMs})`;
    yield { path: ["calls", "initialBackoffMs"], message };
  }
}

/** The row of that name, or else the default one. */
const rowOf = (providers: ProviderTable, wanted: unknown): ProviderKeys =>
  providers.find(({ name }) => name === wanted) ?? providers[0];

/** The block `embedding`: its keys are those of the provider that it names. */
const embeddingBlock = (providers: ProviderTable) =>
  z
    .looseObject({ provider: providerKey(providers) })
    .transform(({ provider, ...keys }, context): EmbeddingConfig => {
      const checked = rowOf(providers, provider).keys().safeParse(keys, READ_ONCE);
      if (checked.success) return { provider, ...checked.data };
      for (const issue of checked.error.issues) context.addIssue({ ...issue });
      return z.NEVER;
    })
    .prefault({});

/** The key `provider`: a name from the table. */
const providerKey = (providers: ProviderTable) =>
  z
    .enum(providers.map(({ name }) => name))
    .default(providers[0].name)
    .describe(`${providers.map(({ name, summary }) => `${name} ${summary}`).join("; ")}.`);

/** Every key with its sentence, block by block; in `embedding` those of a provider. */
export function keysOf(
  providers: ProviderTable,
  provider: unknown,
): ReadonlyMap<string, ReadonlyMap<string, Described>> {
  const embedding: Readonly<Record<string, Described>> = {
    provider: providerKey(providers),
    ...rowOf(providers, provider).keys().shape,
  };
  const { content, chunking, ...others } = SECTIONS;
  const blocks = Object.entries<Readonly<Record<string, Described>>>({
    content,
    chunking,
    embedding,
    ...others,
  });
  return new Map(blocks.map(([name, block]) => [name, new Map(Object.entries(block))]));
}

interface Described {
  readonly description?: string | undefined;
}

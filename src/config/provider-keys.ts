import { z } from "zod";
import { READ_ONCE } from "../words/json.ts";
import { SECTIONS } from "./keys.ts";
import type { CheckedConfig, EmbeddingConfig } from "./schema.ts";

/** What the configuration reads of a provider. */
export interface ProviderKeys {
  readonly name: string;
  /** Ends the sentence that begins with the name, in what editors show with the key. */
  readonly summary: string;
  /** The keys of the block `embedding` beside `provider`, as the table in `keys.ts` has them. */
  readonly keys: z.ZodType<Omit<EmbeddingConfig, "provider">> & { readonly shape: Shape };
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

/** The schema of a whole configuration: it fills in what is left out, and refuses what is wrong. */
export const createConfigSchema = (providers: ProviderTable): z.ZodType<CheckedConfig> =>
  z.strictObject(blocksWith(embeddingBlock(providers))).superRefine((config, context) => {
    const { conflicts } = rowOf(providers, config.embedding.provider);
    for (const { path, message } of [...conflictsOf(config), ...(conflicts?.(config) ?? [])]) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
  });

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
      const checked = rowOf(providers, provider).keys.safeParse(keys, READ_ONCE);
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

/** All blocks in the order in which they are shown. */
function blocksWith<Embedding>(embedding: Embedding) {
  const { content, chunking, ...others } = SECTIONS;
  return { content, chunking, embedding, ...others };
}

/** Every key with its schema, block by block; in `embedding` those of a provider. */
export function keysOf(
  providers: ProviderTable,
  provider: unknown,
): ReadonlyMap<string, ReadonlyMap<string, z.ZodType>> {
  const shape = { provider: providerKey(providers), ...rowOf(providers, provider).keys.shape };
  const blocks = Object.entries(blocksWith(z.strictObject(shape).prefault({})));
  return new Map(
    blocks.map(([name, block]) => [name, new Map(Object.entries<z.ZodType>(block.unwrap().shape))]),
  );
}

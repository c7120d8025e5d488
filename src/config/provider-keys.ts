import { z } from "zod";
import { SECTIONS } from "./keys.ts";
import type { CheckedConfig, EmbeddingConfig } from "./schema.ts";

/** What the configuration reads of a provider. */
export interface ProviderKeys {
  readonly name: string;
  /** Ends the sentence that begins with the name, in the file that `siterag init` writes. */
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

/** The row of that name, or else the default one. */
export const rowOf = (providers: ProviderTable, wanted: unknown): ProviderKeys =>
  providers.find(({ name }) => name === wanted) ?? providers[0];

/** The block `embedding`: its keys are those of the provider that it names. */
export const embeddingBlock = (providers: ProviderTable) =>
  z
    .looseObject({ provider: providerKey(providers) })
    .transform(({ provider, ...keys }, context): EmbeddingConfig => {
      const checked = rowOf(providers, provider).keys.safeParse(keys);
      if (checked.success) return { provider, ...checked.data };
      for (const issue of checked.error.issues) context.addIssue({ ...issue });
      return z.NEVER;
    })
    .prefault({});

/** The key `provider`: a name from the table. */
function providerKey(providers: ProviderTable) {
  const summaries = providers.map(({ name, summary }) => `${name} ${summary}`);
  return z
    .enum(providers.map(({ name }) => name))
    .default(providers[0].name)
    .describe(`${summaries.join("; ")}.`);
}

/** All blocks in the order in which they are shown. */
export function blocksWith<Embedding>(embedding: Embedding) {
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
    blocks.map(([name, block]) => {
      const keys: Shape = block.unwrap().shape;
      return [name, new Map(Object.entries(keys))];
    }),
  );
}

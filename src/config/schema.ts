import type { Secret } from "../words/secret.ts";
import type { Sections } from "./keys.ts";

/** Every setting of a file, checked and complete. */
export interface CheckedConfig extends Sections {
  readonly embedding: EmbeddingConfig;
}

/** Who makes the vectors, and with which model. Each provider has its own keys for that. */
export interface EmbeddingConfig {
  /** Name of a provider: of a row in `providers/table.ts`. */
  readonly provider: string;
  /** Model name as the provider spells it. */
  readonly model: string;
  /** Length of the vectors. */
  readonly dimensions: number;
  /** Folder of a model on this machine; of the provider that has such a key. */
  readonly localModelPath?: string | null;
}

/** The one schema of siterag's configuration, with what only the environment says. */
export interface ResolvedConfig extends CheckedConfig {
  /** Absent where no variable was looked at. */
  readonly access?: ServiceAccess;
}

/** How the Gemini API is reached: from the environment, never from a file. */
export interface ServiceAccess {
  readonly apiKey: Secret | null;
  /** Null: Google's own address. */
  readonly baseUrl: string | null;
  /** Name of a variable that names a proxy, and that Node.js ignores. Null: there is none. */
  readonly unusedProxy?: string | null;
}

/** What a user may write: every key is optional. */
export type SiteragConfig<Embedding = EmbeddingConfig> = {
  readonly [Block in keyof Sections]?: Optional<Sections[Block]>;
} & { readonly embedding?: Optional<Embedding> };

type Optional<Keys> = { readonly [Key in keyof Keys]?: Keys[Key] | undefined };

/** Tokens of the longest sentence of context that is kept, by the estimate of `chunking/tokens.ts`. */
export const CONTEXT_TOKENS = 100;

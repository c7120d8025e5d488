import { createRequire } from "node:module";
import { join } from "node:path";
import { SiteragError } from "../../words/errors.ts";

/** What siterag uses of `@huggingface/transformers`. */
export interface Transformers {
  readonly AutoTokenizer: { from_pretrained(name: string, options: object): Promise<Tokenizer> };
  readonly AutoModel: { from_pretrained(name: string, options: object): Promise<Encoder> };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => unknown;
  readonly LogLevel: { readonly NONE: number };
  readonly env: {
    readonly version: string;
    localModelPath: string;
    allowRemoteModels: boolean;
    logLevel: number;
  };
}

/** Gives the token ids of a text, with those that the model wants around it. */
export interface Tokenizer {
  (
    text: string,
    options: { readonly return_tensor: false },
  ): { readonly input_ids: readonly number[] };
  readonly pad_token_id?: number | null;
  readonly model_max_length?: number;
}

export interface Encoder {
  (feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Output | undefined>>>;
  readonly config?: { readonly max_position_embeddings?: number };
  dispose(): Promise<unknown>;
}

export interface Output {
  readonly type: string;
  /** Numbers of the type; of `float16` their bits, where Node has no array of such numbers. */
  readonly data: ArrayLike<number>;
  readonly dims: readonly number[];
  to(type: "float32"): Output;
}

const PACKAGE = "@huggingface/transformers";
const OLDEST = 4;
const INSTALL = `npm install ${PACKAGE}@${OLDEST}`;

/**
 * Imports the package where siterag is installed, or else where the site is: a linked siterag does not see
 * the packages of the site. Throws MODEL_UNAVAILABLE with the command that installs it.
 */
export function importTransformers(directory: string): Transformers {
  const causes: unknown[] = [];
  let found: string | null = null;
  for (const place of [import.meta.url, join(directory, "package.json")]) {
    try {
      const loaded: unknown = createRequire(place)(PACKAGE);
      if (isTransformers(loaded)) {
        found = loaded.env.version;
        if (Number.parseInt(found, 10) >= OLDEST) return loaded;
      }
    } catch (cause) {
      causes.push(cause);
    }
  }
  throw notInstalled(found, causes);
}

function isTransformers(value: unknown): value is Transformers {
  if (typeof value !== "object" || value === null) return false;
  return ["AutoTokenizer", "AutoModel", "Tensor", "env"].every((name) => name in value);
}

function notInstalled(found: string | null, causes: readonly unknown[]): SiteragError {
  const broken = causes.find((cause) => !isNotFound(cause));
  const what =
    found !== null
      ? `there is version ${found} of the package ${PACKAGE}, and siterag needs ${OLDEST} or newer`
      : broken === undefined
        ? `the package ${PACKAGE} is not installed`
        : `the package ${PACKAGE} cannot be loaded: ${firstLine(broken)}`;
  const message = `embedding.provider is "local", but ${what}. Run \`${INSTALL}\` in the folder of your site.`;
  return new SiteragError("MODEL_UNAVAILABLE", message, { cause: broken ?? causes[0] });
}

const isNotFound = (cause: unknown): boolean =>
  cause instanceof Error &&
  "code" in cause &&
  cause.code === "MODULE_NOT_FOUND" &&
  cause.message.includes(PACKAGE);

export const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n", 1).join("");

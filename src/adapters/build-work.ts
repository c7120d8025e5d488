import type { ResolvedConfig } from "../config/schema.ts";
import type { EmbeddingClient } from "../embedding/client.ts";
import { SiteragError, toError, type ErrorCode } from "../words/errors.ts";
import type { Logger } from "../words/types.ts";

/** What a build works with. */
export interface BuildWork {
  readonly config: ResolvedConfig;
  /** Folder that the configuration's paths are relative to, and those in messages. */
  readonly directory: string;
  readonly client: EmbeddingClient;
  readonly logger: Logger;
}

/** Errors that the site's author has to correct. They stop every build. */
const WRONG_CONFIGURATION: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_INVALID",
  "CONFIG_UNREADABLE",
  "CONTENT_ROOT_MISSING",
]);

/**
 * Runs a part of a build. If it fails, the build goes on with `otherwise`, and a warning that begins with
 * the consequence. Throws if the configuration is wrong, and if `build.strict` is set.
 */
export async function orWarn<Value, Otherwise>(
  { config, logger }: Pick<BuildWork, "config" | "logger">,
  part: Promise<Value>,
  consequence: string | (() => Promise<string>),
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  try {
    return await part;
  } catch (error) {
    const isWrong = error instanceof SiteragError && WRONG_CONFIGURATION.has(error.code);
    if (isWrong || config.build.strict) throw error;
    const begin = typeof consequence === "string" ? consequence : await consequence();
    logger.warn(`${begin}: ${toError(error).message}`);
    return otherwise;
  }
}

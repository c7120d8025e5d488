import type { ResolvedConfig } from "../config/schema.ts";
import type { GenerationClient } from "../generation/client.ts";
import { providerOf } from "./table.ts";

/** Who writes texts: the provider of the vectors. Without key or model it can do nothing. */
export const createGenerator = (config: ResolvedConfig): GenerationClient =>
  providerOf(config).createGenerator(config);

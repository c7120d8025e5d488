import type { ProviderKeys } from "../config/provider-keys.ts";
import { geminiKeys } from "./gemini/gemini-keys.ts";
import { localKeys } from "./local/local-keys.ts";
import { mockKeys } from "./mock/mock-keys.ts";
import { noneKeys } from "./none/none-keys.ts";

/**
 * All providers with their configuration keys. The first one is the default. `clients.ts` has their clients: reading a
 * configuration loads none of them.
 */
export const PROVIDERS = [
  geminiKeys,
  mockKeys,
  localKeys,
  noneKeys,
] as const satisfies readonly ProviderKeys[];

import leven from "leven";
import { configSchema } from "./schema.ts";

/** Every valid key as a path: `content`, `content.root`, … Read off the schema's defaults. */
const VALID_KEYS: readonly string[] = Object.entries(configSchema.parse({})).flatMap(
  ([section, keys]) => [section, ...Object.keys(keys).map((key) => `${section}.${key}`)],
);

/** Names of the keys directly inside a section; of the sections themselves for "". */
export function keysInside(section: string): readonly string[] {
  return VALID_KEYS.filter((key) => parentOf(key) === section).map(lastOf);
}

/**
 * The valid key that was most likely meant, as a whole path: near in spelling, the same section
 * first, then any other. Null when nothing is near.
 */
export function nearestKey(section: string, name: string): string | null {
  const wanted = plain(name);
  const limit = Math.max(1, Math.floor(wanted.length * 0.4));
  const ranked = VALID_KEYS.map((key) => ({
    key,
    distance: leven(wanted, plain(lastOf(key))) + (parentOf(key) === section ? 0 : 0.5),
  })).toSorted((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance < limit + 1 ? best.key : null;
}

const lastOf = (key: string): string => key.slice(key.lastIndexOf(".") + 1);

const parentOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf(".")));

/** `max_tokens`, `max-tokens` and `MaxTokens` are all a spelling of `maxTokens`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

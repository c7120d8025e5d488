import { nearestName } from "../words/nearest-name.ts";

/** The names of all keys, block by block. */
export type KeyNames = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/** Names of the keys directly inside a block; of the blocks themselves for "". */
const keysInside = (names: KeyNames, block: string): readonly string[] =>
  block === "" ? [...names.keys()] : [...(names.get(block)?.keys() ?? [])];

/**
 * What to do about an unknown key: the valid key, as a whole path, that was most likely meant (near
 * in spelling, in the same block or else anywhere), or the keys of the block.
 */
export function adviceFor(names: KeyNames, block: string, wanted: string): string {
  const pathsInside = (name: string) => keysInside(names, name).map((key) => pathOf(name, key));
  const mostLetters = Math.max(1, Math.floor(plain(wanted).length * 0.4));
  const nearest =
    nearestName(pathsInside(block), wanted, mostLetters, plain) ??
    nearestName(["", ...names.keys()].flatMap(pathsInside), wanted, mostLetters, plain);
  return nearest === null
    ? `the keys here are ${keysInside(names, block).join(", ")}`
    : `did you mean ${nearest}?`;
}

const pathOf = (block: string, key: string): string => (block === "" ? key : `${block}.${key}`);

/** The last name of a path: `max_tokens`, `max-tokens` and `MaxTokens` are a spelling of `maxTokens`. */
const plain = (path: string): string =>
  path
    .slice(path.lastIndexOf(".") + 1)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "");

import { InvalidArgumentError } from "commander";
import { nearestName } from "../words/nearest-name.ts";
import type { SearchFilter } from "../words/types.ts";

/** What can stand before the `=` of a filter. No value: pages without a locale or version. */
const FILTERS = new Map<string, (value: string) => SearchFilter>([
  ["page", (value: string) => ({ page: value })],
  ["locale", (value: string) => ({ locale: value === "" ? null : value })],
  ["version", (value: string) => ({ version: value === "" ? null : value })],
  ["url", (value: string) => ({ urlPrefix: value })],
]);

/** Adds one `--filter key=value` to those before it; a key stands once. */
export function parseFilter(given: string, before: SearchFilter = {}): SearchFilter {
  const at = given.indexOf("=");
  const key = (at === -1 ? given : given.slice(0, at)).trim();
  const filter = FILTERS.get(key);
  const keys = [...FILTERS.keys()];
  if (filter === undefined) {
    throw new InvalidArgumentError(
      `Unknown filter "${key}"; did you mean ${nearestName(keys, key)}? The keys are ${keys.join(", ")}.`,
    );
  }
  if (at === -1) throw new InvalidArgumentError(`Expected ${key}=value.`);
  const added = filter(given.slice(at + 1).trim());
  if (Object.keys(added).some((name) => name in before)) {
    throw new InvalidArgumentError(`A search has one ${key}: give ${key}= once.`);
  }
  return { ...before, ...added };
}

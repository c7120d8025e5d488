import { InvalidArgumentError, Option } from "commander";
import { nearestName } from "../words/nearest-name.ts";
import type { SearchFilter } from "../words/hits.ts";

/** The keys of a filter. An empty value asks for pages without a locale or version. */
const FILTERS = new Map<string, (value: string) => SearchFilter>([
  ["page", (value: string) => ({ page: value })],
  ["locale", (value: string) => ({ locale: value === "" ? null : value })],
  ["version", (value: string) => ({ version: value === "" ? null : value })],
  ["url", (value: string) => ({ urlPrefix: value })],
]);

/** `--filter`, for every command that searches. */
export const filterOption = (): Option =>
  new Option(
    "--filter <key=value>",
    "only hits with this page=, locale=, version= or url= (prefix); repeatable",
  ).argParser(parseFilter);

/** Adds one `--filter key=value` to the filters before it. Throws if the key occurs twice. */
function parseFilter(given: string, before: SearchFilter = {}): SearchFilter {
  const [name = "", ...value] = given.split("=");
  const key = name.trim();
  const filter = FILTERS.get(key);
  const keys = [...FILTERS.keys()];
  if (filter === undefined) {
    throw new InvalidArgumentError(
      `Unknown filter "${key}"; did you mean ${nearestName(keys, key)}? The keys are ${keys.join(", ")}.`,
    );
  }
  if (value.length === 0) throw new InvalidArgumentError(`Expected ${key}=value.`);
  const added = filter(value.join("=").trim());
  if (Object.keys(added).some((one) => one in before)) {
    throw new InvalidArgumentError(`Give ${key}= only once.`);
  }
  return { ...before, ...added };
}

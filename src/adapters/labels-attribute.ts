import { ENGLISH, type SearchLabels } from "../interface/labels.ts";

/** The attribute `labels`: those that differ from what the search says anyway; undefined: none does. */
export function labelsAttribute(labels: Partial<SearchLabels>): string | undefined {
  const english: Readonly<Record<string, string>> = { ...ENGLISH };
  const changed = Object.entries(labels).filter(([name, label]) => label !== english[name]);
  return changed.length === 0 ? undefined : JSON.stringify(Object.fromEntries(changed));
}

import type { SearchLabels } from "../../interface/labels.ts";

/** Labels as Docusaurus's translations name them: `theme.siterag.search`. */
export const translationKeys = (labels: SearchLabels): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).map(([name, label]) => [`theme.siterag.${name}`, String(label)]),
  );

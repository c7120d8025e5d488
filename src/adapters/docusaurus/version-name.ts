/** Docusaurus's name for docs that need no other. */
export const DEFAULT_INSTANCE = "default";

/**
 * What siterag calls a version of docs: its label, behind the name of the docs where that is not the default one,
 * because two products may both have a version 1.0. Null: these docs have one version without a number.
 */
export function versionName(instance: string, label: string, isVersioned: boolean): string | null {
  if (!isVersioned) return null;
  return instance === DEFAULT_INSTANCE ? label : `${instance} ${label}`;
}

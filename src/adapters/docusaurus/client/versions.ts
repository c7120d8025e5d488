import {
  useActivePluginAndVersion,
  useAllDocsData,
  useDocsPreferredVersionByPluginId,
} from "@docusaurus/plugin-content-docs/client";
import { versionName } from "../version-name.ts";

/** The version whose pages are searched at first, and those of the site's other docs, as attributes. */
export interface VersionAttributes {
  readonly version?: string;
  readonly "with-versions"?: string;
}

/**
 * The version that a reader reads; elsewhere the one that the reader has chosen last, or the newest. Other docs of
 * the site are searched in the version that the reader has chosen for them, or the newest.
 */
export function useVersions(): VersionAttributes {
  const docs = useAllDocsData();
  const active = useActivePluginAndVersion();
  const preferred = useDocsPreferredVersionByPluginId();
  const names = Object.entries(docs).flatMap(([id, { versions }]) => {
    const isActive = id === active?.activePlugin.pluginId;
    const chosen =
      (isActive ? active?.activeVersion : undefined) ??
      preferred[id] ??
      versions.find(({ isLast }) => isLast);
    const isVersioned = versions.some(({ name }) => name !== "current");
    const name = chosen === undefined ? null : versionName(id, chosen.label, isVersioned);
    return name === null ? [] : [{ name, isActive }];
  });
  const own = names.find(({ isActive }) => isActive) ?? names[0];
  if (own === undefined) return {};
  const others = names.filter((one) => one !== own).map(({ name }) => name);
  return {
    version: own.name,
    ...(others.length === 0 ? {} : { "with-versions": JSON.stringify(others) }),
  };
}

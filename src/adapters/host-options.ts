import * as system from "node:path";
import { secretsIn } from "../config/environment.ts";
import { HOST_OPTIONS_FILE, hostOptionsText } from "../config/host-options.ts";
import type { SiteragConfig } from "../providers/load-config.ts";
import { SiteragError, toError } from "../words/errors.ts";
import { wayFrom, type PathRules } from "../words/slashed-path.ts";
import { replaceFile } from "./replace-file.ts";
import { withPaths, type HostSite } from "./host-site.ts";

/**
 * Leaves the options of the plugin, and what the host says, to the command line, in `.siterag` of
 * `directory`, which relative paths start from. Throws STORE_FAILED.
 */
export async function keepHostOptions(site: HostSite, directory: string): Promise<void> {
  const { environment, host, options } = site;
  const found = foundFrom(directory, site);
  const text = hostOptionsText(host, { options, found }, secretsIn(environment));
  const path = system.join(directory, HOST_OPTIONS_FILE);
  try {
    await replaceFile(path, text);
  } catch (cause) {
    throw new SiteragError(
      "STORE_FAILED",
      `${path} cannot be written (${toError(cause).message}), so the command line does not know the options of ${host}`,
      { cause },
    );
  }
}

/** What the host says, with paths from `directory` as every system reads them. */
export const foundFrom = (
  directory: string,
  { found, root }: Pick<HostSite, "found" | "root">,
  rules: PathRules = system,
): SiteragConfig =>
  withPaths(found, (path) => wayFrom(directory, rules.resolve(root, path), rules));

import { join, relative, resolve, sep } from "node:path";
import { secretsIn } from "../config/environment.ts";
import { HOST_OPTIONS_FILE, hostOptionsText } from "../config/host-options.ts";
import { SiteragError, toError } from "../words/errors.ts";
import { replaceFile } from "./replace-file.ts";
import { withPaths, type HostSite } from "./host-site.ts";

/**
 * Leaves the options of the plugin, and what the host says, to the command line, in `.siterag` of
 * `directory`, which relative paths start from. Throws STORE_FAILED.
 */
export async function keepHostOptions(site: HostSite, directory: string): Promise<void> {
  const { environment, host, options, root } = site;
  const fromDirectory = (path: string): string =>
    relative(directory, resolve(root, path)).replaceAll(sep, "/") || ".";
  const found = withPaths(site.found, fromDirectory);
  const text = hostOptionsText(host, { options, found }, secretsIn(environment));
  const path = join(directory, HOST_OPTIONS_FILE);
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

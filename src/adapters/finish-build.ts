import { join } from "node:path";
import { publishIndex } from "../publishing/publish-index.ts";
import { toError } from "../words/errors.ts";
import { verifySite } from "../verifying/verify-site.ts";
import type { BuildWork } from "./site-results.ts";

/** Folder of the readers' index in a built site. */
const FOLDER = "siterag";

/** Judges the index by the built pages, then writes the readers' index beside them. */
export async function finishBuild(work: BuildWork, outDir: string): Promise<void> {
  const { config, logger } = work;
  const built = { ...config, content: { ...config.content, site: outDir } };
  try {
    await verifySite({ config: built, logger });
    await publishIndex({ config, out: join(outDir, FOLDER) });
  } catch (error) {
    logger.warn(`This build has no search for readers: ${toError(error).message}`);
  }
}

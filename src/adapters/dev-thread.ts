import { parentPort, workerData } from "node:worker_threads";
import { createClient } from "../providers/create-client.ts";
import { systemClock } from "../words/system-clock.ts";
import { SiteDevWork } from "./dev-work.ts";
import { loadSite } from "./host-site.ts";
import type { FromThread, ThreadSite, ToThread } from "./work-in-thread.ts";

/** The thread that `work-in-thread.ts` starts. */
async function run(port: NonNullable<typeof parentPort>, site: ThreadSite): Promise<void> {
  const tell = (message: FromThread): void => port.postMessage(message);
  const logger = {
    info: (line: string) => tell({ kind: "info", line }),
    warn: (line: string) => tell({ kind: "warn", line }),
    wait: (line: string) => tell({ kind: "wait", line }),
  };
  const loaded = await loadSite({ ...site, logger });
  if (loaded === null) return;
  const { config } = loaded;
  const work = new SiteDevWork({
    config,
    client: createClient(config),
    clock: systemClock,
    logger,
    onFiles: (files) => tell({ kind: "files", files }),
    onResults: (results) => tell({ kind: "results", results }),
  });
  port.on("message", (message: ToThread) => {
    if (message === "changed") work.changed();
    else void work.close().finally(() => port.close());
  });
}

if (parentPort !== null) await run(parentPort, workerData);

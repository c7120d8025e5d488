import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { setUpLanceDb } from "../words/lancedb-environment.ts";
import { toError } from "../words/errors.ts";
import { ownModule } from "../words/own-files.ts";
import { waitTeller } from "../words/wait-teller.ts";
import type { DevListener, DevWork, Files } from "./dev-work.ts";
import type { HostSite } from "./host-site.ts";
import type { SiteResults } from "./site-results.ts";

/** What the thread is given: the site without what no thread can be given. */
export type ThreadSite = Omit<HostSite, "logger">;

/** What the thread tells. */
export type FromThread =
  | { readonly kind: "files"; readonly files: Files }
  | { readonly kind: "results"; readonly results: SiteResults }
  | { readonly kind: "info" | "warn" | "wait"; readonly line: string };

/** What the thread is told. */
export type ToThread = "changed" | "close";

const THREAD = ownModule("adapters/dev-thread");

/**
 * Does the work at a site in a thread of its own: to read a large site takes seconds, in which the server could
 * not answer. The thread does not keep the process alive.
 */
export function workInThread(
  { environment, found, host, options, part, root }: HostSite,
  { logger, onFiles, onResults }: DevListener,
): DevWork {
  const site: ThreadSite = {
    environment: { ...environment },
    found,
    host,
    options,
    part,
    root,
  };
  setUpLanceDb();
  const thread = new Worker(THREAD, { workerData: site });
  thread.on("message", (message: FromThread) => {
    if (message.kind === "files") onFiles(message.files);
    else if (message.kind === "results") onResults(message.results);
    else if (message.kind === "wait") waitTeller(logger)(message.line);
    else logger[message.kind](message.line);
  });
  thread.on("error", (error) => {
    logger.warn(
      `The search has ended until the server is started again: ${toError(error).message}`,
    );
    onFiles(new Map());
  });
  const ended = once(thread, "exit").then(
    () => undefined,
    () => undefined,
  );
  // After the listener for messages, which would keep the process alive.
  thread.unref();
  const tell = (message: ToThread): void => thread.postMessage(message);
  return {
    changed: () => tell("changed"),
    async close() {
      tell("close");
      thread.ref();
      await ended;
    },
  };
}

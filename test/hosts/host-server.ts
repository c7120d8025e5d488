import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serveFolder } from "../support/static-server.ts";
import { BASE } from "./adapter-sites.ts";
import { environmentOf } from "./host-run.ts";

/** A running site; `url` ends with its base. */
export interface SiteServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves a built site at its base, one folder below the root of the host. */
export async function serveBuilt(built: string, base: string = BASE): Promise<SiteServer> {
  const root = await mkdtemp(join(tmpdir(), "siterag-test-served-"));
  await symlink(built, join(root, base.replaceAll("/", "")));
  const server = await serveFolder(root);
  return {
    url: server.origin + base,
    close: async () => {
      await server.close();
      await rm(root, { recursive: true });
    },
  };
}

const LONGEST_START_MS = 120_000;

/** Starts the dev server of a site, and waits until it shows a page: not each host has one at the base. */
export async function serveDev(
  command: string,
  folder: string,
  page: string,
): Promise<SiteServer & { readonly log: () => string }> {
  const port = await freePort();
  const child = spawn(`exec ${command} ${port}`, {
    cwd: folder,
    env: environmentOf(folder),
    shell: true,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let log = "";
  child.stdout.on("data", (data) => (log += String(data)));
  child.stderr.on("data", (data) => (log += String(data)));
  const close = async (): Promise<void> => {
    if (child.exitCode === null) process.kill(-(child.pid ?? 0), "SIGTERM");
    await closed;
  };
  const url = `http://localhost:${port}${BASE}`;
  const end = Date.now() + LONGEST_START_MS;
  while (!(await answers(url + page))) {
    if (Date.now() > end || child.exitCode !== null) {
      await close();
      throw new Error(`${command} does not answer:\n${log}`);
    }
    await sleep(200);
  }
  return { url, close, log: () => log };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

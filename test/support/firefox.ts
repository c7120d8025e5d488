import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

/** A page of a browser, as far as a test needs it. */
export interface OpenPage {
  /** What an expression gives, awaited: a text. */
  readonly evaluate: (expression: string) => Promise<string>;
  readonly close: () => Promise<void>;
}

const MESSAGE = z.object({ id: z.number(), type: z.string(), result: z.unknown().optional() });
const TREE = z.object({ contexts: z.array(z.object({ context: z.string() })) });
const VALUE = z.object({ type: z.literal("success"), result: z.object({ value: z.string() }) });

/**
 * Opens a page in Firefox by WebDriver BiDi. Playwright's own protocol needs a Firefox that it has changed,
 * and its BiDi asks Debian's for commands that this one does not know.
 */
export async function openInFirefox(executable: string, url: string): Promise<OpenPage> {
  const profile = await mkdtemp(join(tmpdir(), "siterag-firefox-"));
  const flags = ["--headless", "--remote-debugging-port=0", "--no-remote", "--profile", profile];
  const firefox = spawn(executable, flags, { stdio: ["ignore", "ignore", "pipe"] });
  const exited = new Promise((resolve) => firefox.once("exit", resolve));
  const close = async (): Promise<void> => {
    firefox.kill();
    await exited;
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const send = await connect(await addressIn(firefox.stderr));
    await send("session.new", { capabilities: {} });
    const [{ context } = { context: "" }] = TREE.parse(
      await send("browsingContext.getTree", {}),
    ).contexts;
    await send("browsingContext.navigate", { context, url, wait: "complete" });
    return {
      close,
      async evaluate(expression) {
        const target = { context };
        const answer = await send("script.evaluate", { expression, target, awaitPromise: true });
        return VALUE.parse(answer).result.value;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /BiDi listening on (?<address>ws:\S+)/u.exec(line)?.groups?.["address"];
    if (address !== undefined) {
      output.resume();
      return `${address}/session`;
    }
  }
  throw new Error("Firefox has ended before it could be reached.");
}

type Send = (method: string, params: object) => Promise<unknown>;

async function connect(address: string): Promise<Send> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.addEventListener("message", ({ data }) => {
    const { data: message } = MESSAGE.safeParse(JSON.parse(String(data)));
    if (message === undefined) return;
    const answer = waiting.get(message.id);
    if (message.type === "success") answer?.resolve(message.result);
    else answer?.reject(new Error(`Firefox refuses: ${String(data)}`));
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  let id = 0;
  return (method, params) => {
    id += 1;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    socket.send(JSON.stringify({ id, method, params }));
    return answer.promise;
  };
}

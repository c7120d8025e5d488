import { Session, type Profiler } from "node:inspector";
import { parentPort } from "node:worker_threads";
import { chunkPage } from "../../src/chunking/chunk-page.ts";
import { embeddingInput } from "../../src/chunking/embedding-input.ts";
import { pageOfFile, type ContentOptions } from "../../src/content/page-of-file.ts";
import { snippetOf } from "../../src/ranking/snippet.ts";
import { readQuestion } from "../../src/ranking/question.ts";
import { CONSTRUCTS, PROSE } from "./constructs.ts";

/** Processor time in milliseconds. */
export interface Times {
  readonly total: number;
  /** Of siterag's own code, without the parsers of Markdown and frontmatter. */
  readonly own: number;
  /** The slowest functions of siterag, each with its time. */
  readonly slowest: string;
}

const CONTENT: ContentOptions = {
  root: "/",
  include: [],
  exclude: [],
  baseUrl: "/",
  urlStyle: "directory",
  pathStyle: "plain",
  slugger: "github",
  format: "host",
  locales: {},
  versions: {},
  paths: {},
  routes: {},
};

/** What siterag does with a page, from its bytes to its snippets, and with the same text as a query. */
function work(name: string, text: string): void {
  const id = name.endsWith(".mdx") ? "page.mdx" : "page.md";
  const { page } = pageOfFile(id, Buffer.from(text), CONTENT);
  if (page === null) throw new Error(`${name}: the page is left out`);
  for (const chunk of chunkPage(page, { maxTokens: 512, overlapTokens: 64 })) {
    embeddingInput(chunk);
    snippetOf(chunk.text, "how does the build read a page");
  }
  readQuestion(text);
}

function profileOf(task: () => void): Profiler.Profile {
  const profiles: Profiler.Profile[] = [];
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.start");
  task();
  session.post("Profiler.stop", (_, { profile }) => profiles.push(profile));
  session.disconnect();
  const [profile] = profiles;
  if (profile === undefined) throw new Error("The profiler gave no profile.");
  return profile;
}

/** `chunking/tokens.ts scan` for a function of siterag, `npm …` for one of a package, else null. */
function ownerOf({ functionName, url }: Profiler.ProfileNode["callFrame"]): string | null {
  if (!url.startsWith("file:")) return null;
  const path = /\/(?:src\/|node_modules\/)(?!.*\/node_modules\/)(.*)$/u.exec(url)?.[1] ?? "";
  return `${url.includes("/node_modules/") ? "npm " : ""}${path} ${functionName}`;
}

/** The time of each function in a file, with what Node's own functions took for it. */
function timesByOwner({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile) {
  const owners = new Map<number, string>();
  // A caller stands before what it calls.
  for (const { id, callFrame, children = [] } of nodes) {
    const owner = ownerOf(callFrame) ?? owners.get(id) ?? callFrame.functionName;
    for (const child of [id, ...children]) owners.set(child, owner);
  }
  const times = new Map<string, number>();
  samples.forEach((id, index) => {
    const owner = owners.get(id) ?? "";
    times.set(owner, (times.get(owner) ?? 0) + (timeDeltas[index] ?? 0) / 1000);
  });
  return [...times].filter(([owner]) => owner !== "(idle)");
}

function measure(name: string, text: string): Times {
  const before = process.threadCpuUsage();
  const samples = timesByOwner(profileOf(() => work(name, text)));
  const { user, system } = process.threadCpuUsage(before);
  const sum = (all: typeof samples): number => all.reduce((total, [, time]) => total + time, 0);
  // Samples tell shares, whatever else the machine does.
  const total = (user + system) / 1000;
  const scale = total / sum(samples);
  const own = samples.filter(([owner]) => /^[a-z]+\//u.test(owner));
  const slowest = own.toSorted(([, one], [, other]) => other - one).slice(0, 3);
  return {
    total,
    own: sum(own) * scale,
    slowest: slowest.map(([owner, time]) => `${owner} ${Math.round(time * scale)}`).join(", "),
  };
}

work("warm-up", PROSE);
parentPort?.postMessage("ready");
parentPort?.on("message", (name: string) => {
  parentPort?.postMessage(measure(name, CONSTRUCTS[name]?.() ?? PROSE));
});

import { defaults } from "../../src/config/keys.ts";
import type { GeneratedText } from "../../src/generation/client.ts";
import { batchingOfPrompts } from "../../src/planning/prompt-roads.ts";
import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { generationProfile } from "../../src/planning/generation-profile.ts";
import type { ProviderProfile } from "../../src/planning/provider-profile.ts";
import type { Execution } from "../../src/sending/client.ts";
import { Engine } from "../../src/sending/engine.ts";
import { EventSource } from "../../src/sending/events.ts";
import type { ClientEvent } from "../../src/sending/events.ts";
import { memoryLedger } from "../../src/sending/job-ledger.ts";
import type { JobRow, JobService, Provider } from "../../src/sending/provider.ts";
import { createVirtualClock } from "../../src/words/virtual-clock.ts";
import type { EmbeddingSpace } from "../../src/words/types.ts";
import { BATCHING } from "../planning/plan-items.ts";

type Jobs = JobService<string, GeneratedText>;
type Row = JobRow<GeneratedText>;

const SPACE: EmbeddingSpace = {
  provider: "fake-generation",
  model: "m",
  dimensions: 0,
  taskForm: "generate",
};

const FINISHED = { state: "SUCCEEDED", end: "SUCCEEDED", message: null } as const;

/** Jobs of a service whose only one has ended with these rows. */
const jobsWith = (rows: readonly Row[], changes: Partial<Jobs>): Jobs => ({
  countedWhen: "read",
  upload: async ({ texts }) => ({ name: "files/1", tokens: texts.map(() => 10) }),
  create: async () => "batches/1",
  find: async () => [],
  status: async () => FINISHED,
  rows: async () => rows,
  cancel: async () => undefined,
  tidy: async () => undefined,
  ...changes,
});

/** The row of a prompt that was answered. */
export const rowOf = (key: string, input = 10, output = 5): Row => ({
  key,
  tokens: { input, output },
  output: { text: key, finish: "complete" },
});

/** What the service behind an engine answers. */
interface FakeService {
  readonly rows?: readonly Row[];
  readonly jobs?: Partial<Jobs>;
  readonly call?: Provider<string, GeneratedText>["call"];
}

const { individual, batch, textTokens } = generationProfile("tier1", {
  usdPerMillionInputTokens: 1,
  usdPerMillionOutputTokens: 1,
});
const PROFILE: ProviderProfile = {
  textTokens,
  individual,
  batch: batch && { ...batch, jobsAtOnce: 1 },
};

/** The engine, one call at once, with one job at once, before a service that a test makes up. */
export function jobEngine({ rows = [], jobs = {}, call }: FakeService) {
  const events = new EventSource();
  const told: ClientEvent[] = [];
  events.listen((event) => told.push(event));
  const engine = new Engine<string, GeneratedText>({
    provider: {
      check: () => undefined,
      call:
        call ??
        (async ({ inputs }) => ({
          outputs: inputs.map((text) => ({ text, finish: "complete" })),
          tokens: { input: 10, output: 5 },
        })),
      jobs: jobsWith(rows, jobs),
    },
    client: { profile: PROFILE, space: SPACE, events },
    contents: "prompt",
    maxParallel: 1,
    maxQueued: Number.POSITIVE_INFINITY,
    textsPerCall: 1,
    retries: defaults().calls,
    pollMs: 10,
    clock: createVirtualClock(),
    random: () => 0.5,
  });
  return { engine, told, profile: PROFILE };
}

/** A plan of prompts a, b …, all in one job, or in a job each. */
export function jobPlan(names: string, promptsInJob = names.length) {
  const items = names
    .split("")
    .map((fingerprint) => ({ fingerprint, tokens: 10, bytes: 1, page: "" }));
  const limits = { ...individual.limits, texts: promptsInJob };
  const profile = { textTokens, individual, batch: batch && { ...batch, limits } };
  const batching = batchingOfPrompts({ ...BATCHING, strategy: "batch" });
  return chooseStrategy(items, batching, { profile, contents: "prompt" });
}

/** An execution that writes down what is settled and logged. */
export function written(given: Partial<Execution<string, GeneratedText>> = {}) {
  const ledger = memoryLedger();
  const answered: string[] = [];
  const lines: string[] = [];
  const execution: Execution<string, GeneratedText> = {
    ledger,
    inputsOf: async (items) => items.map(({ fingerprint }) => fingerprint),
    settle: async (some) => {
      answered.push(...some.map(({ item, result }) => `${item.fingerprint} ${result.status}`));
    },
    logger: { info: (line) => lines.push(line), warn: (line) => lines.push(line) },
    ...given,
  };
  return { execution, ledger, answered, lines };
}

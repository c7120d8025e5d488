import { expect } from "vitest";
import type {
  GenerationClient,
  GenerationRequest,
  GenerationResult,
} from "../../src/generation/client.ts";
import type { GenerationUsage } from "../../src/words/plans.ts";
import type { Clock } from "../../src/words/types.ts";

/** What the service writes: always the same to the same prompt and instruction. */
export type Writer = (asked: { readonly prompt: string; readonly system: string }) => string;

/** A client with a service behind it, as far as the suite must look at it. */
export interface GeneratorHarness {
  readonly client: GenerationClient;
  /** Virtual: the time that client and service live in. */
  readonly clock: Clock;
  /** The prompts that have reached the service so far, in their order, each try counted. */
  readonly sent: () => readonly string[];
  /** What the service has charged so far. */
  readonly billed: () => Pick<GenerationUsage, "inputTokens" | "outputTokens" | "costUsd">;
  /** Calls for streams that have not been ended. */
  readonly openStreams: () => number;
  /** From now on the service keeps its answer to every prompt that holds `text` back. */
  readonly keepBack: (text: string) => void;
}

/** A client whose service can fail. */
export interface FailingHarness extends GeneratorHarness {
  /** From now on every prompt that holds `text` is answered with 503, and so is every repetition of it. */
  readonly takeAway: (text: string) => void;
}

/** What a harness is made with. */
export interface HarnessOptions {
  readonly write: Writer;
  /** Calls that may be under way at once. Default 5. */
  readonly callsAtOnce?: number;
  /** How long a call takes; 0 for answers that are read by turns, which would wait for each other. Default 400. */
  readonly callMs?: number;
}

/** Called once a test. */
export type MakeHarness<Harness> = (options: HarnessOptions) => Promise<Harness>;

export const HOUR_MS = 3_600_000;

/** None is a part of another one. */
export const request = (at: number): GenerationRequest => ({
  prompt: `prompt ${at}.`,
  system: "brief",
});
export const requests = (count: number): GenerationRequest[] =>
  Array.from({ length: count }, (_, at) => request(at));
export const tagged = (count: number): GenerationRequest[] =>
  requests(count).map((one, at) => ({ ...one, tag: `tag ${at}` }));

export const write: Writer = ({ prompt, system }) => `On ${prompt} (${system}): two words.`;
export const textFor = ({ prompt, system = "" }: GenerationRequest): string =>
  write({ prompt, system });
export const answerTo = (
  one: GenerationRequest,
  route: "individual" | "batch" = "individual",
): GenerationResult => ({ status: "ok", route, text: textFor(one), finish: "complete" });

/** What the service has charged, as a usage is to tell it. */
export function chargedIn({ billed }: GeneratorHarness): Partial<GenerationUsage> {
  const { inputTokens, outputTokens, costUsd } = billed();
  return { inputTokens, outputTokens, costUsd: expect.closeTo(costUsd ?? -1, 9) };
}

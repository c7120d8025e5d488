import {
  describeGenerationClient,
  describeGenerationOutages,
} from "../../contracts/generation-client.ts";
import type { HarnessOptions } from "../../contracts/generation-harness.ts";
import type { FaultName } from "../../support/emulator/fault-names.ts";
import { describeFailingSender } from "../../contracts/sender.ts";
import { asWriting } from "../../contracts/sender-kinds.ts";
import { WRITING_PRICES } from "../../support/emulator/generation-counters.ts";
import { heldFetch } from "../../support/held-fetch.ts";
import { generatorOf, geminiHarness } from "./gemini-harness.ts";

async function makeHarness({ write, callsAtOnce = 5, callMs = 400 }: HarnessOptions) {
  const { clock, emulator } = await geminiHarness({}, { answer: write, latencyMs: callMs });
  const held = heldFetch(clock);
  const streams: Request[] = [];
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    if (request.url.includes(":streamGenerateContent")) streams.push(request);
    return held(request);
  };
  const batching = { maxParallelIndividual: callsAtOnce };
  return {
    client: generatorOf(emulator, clock, { ...WRITING_PRICES, batching, fetch }),
    clock,
    sent: () => emulator.generation.seen.prompts,
    billed: () => emulator.generation.billed,
    openStreams: () => streams.filter(({ signal }) => !signal.aborted).length,
    keepBack: (text: string) => emulator.addFault({ name: "answer-blocked", text }),
    takeAway: (text: string) => emulator.addFault({ name: "unavailable", text }),
  };
}

describeFailingSender("GeminiGenerator", async (batching) => {
  const write = ({ prompt }: { readonly prompt: string }): string => `On ${prompt}`;
  const { clock, emulator } = await geminiHarness({}, { answer: write });
  const client = generatorOf(emulator, clock, { ...WRITING_PRICES, batching });
  return {
    ...asWriting(client, batching),
    clock,
    seen: () => {
      const { calls, jobs, prompts: texts } = emulator.generation.seen;
      return { calls, jobs, texts };
    },
    mostCallsAtOnce: () => emulator.generation.seen.mostCallsAtOnce,
    billed: () => emulator.generation.billed,
    addFault: (name: FaultName, text: string) => emulator.addFault({ name, text }),
  };
});

describeGenerationClient("GeminiGenerator", makeHarness);
describeGenerationOutages("GeminiGenerator", makeHarness);

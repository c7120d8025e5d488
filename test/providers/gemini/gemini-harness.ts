import { onTestFinished } from "vitest";
import { GeminiGenerator } from "../../../src/providers/gemini/gemini-generator.ts";
import type { GeminiGeneratorOptions } from "../../../src/providers/gemini/gemini-options.ts";
import { SmartGeminiClient } from "../../../src/providers/gemini/smart-gemini-client.ts";
import type { SmartGeminiOptions } from "../../../src/providers/gemini/gemini-options.ts";
import { createVirtualClock } from "../../../src/words/virtual-clock.ts";
import type { VirtualClock } from "../../../src/words/virtual-clock.ts";
import { startEmulator } from "../../support/emulator/emulator.ts";
import type { Emulator, EmulatorOptions } from "../../support/emulator/emulator.ts";
import { heldFetch } from "../../support/held-fetch.ts";

/** The real client and SDK over HTTP to an emulator, both on one virtual clock. */
export interface GeminiHarness {
  readonly client: SmartGeminiClient;
  readonly emulator: Emulator;
  readonly clock: VirtualClock;
}

/** Starts an emulator that is closed when the test ends, and a client of it. */
export async function geminiHarness(
  options: Partial<SmartGeminiOptions> = {},
  emulatorOptions: EmulatorOptions = {},
): Promise<GeminiHarness> {
  const clock = createVirtualClock(Date.parse("2026-11-23T20:00:00Z"));
  const emulator = await startEmulator({ clock, latencyMs: 400, ...emulatorOptions });
  onTestFinished(() => emulator.close());
  return { emulator, clock, client: clientOf(emulator, clock, options) };
}

/** Time does not jump either while an expected query is on its way through the store. */
class HeldClient extends SmartGeminiClient {
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock, options: SmartGeminiOptions) {
    super({ ...options, clock });
    this.#clock = clock;
  }

  override expectQuery(): () => void {
    const leave = super.expectQuery();
    let isHeld = true;
    this.#clock.hold();
    return () => {
      leave();
      if (isHeld) this.#clock.release();
      isHeld = false;
    };
  }
}

/** A client of an emulator, on its clock. */
export const clientOf = (
  { key, url }: Emulator,
  clock: VirtualClock,
  options: Partial<SmartGeminiOptions> = {},
): SmartGeminiClient =>
  new HeldClient(clock, {
    apiKey: key,
    baseUrl: url,
    fetch: heldFetch(clock),
    random: () => 0.5,
    dimensions: 128,
    ...options,
  });

/** A model of the emulator that writes. */
export const WRITING_MODEL = "gemini-3.8-flash";

/** A generator of an emulator, on its clock. */
export const generatorOf = (
  { key, url }: Emulator,
  clock: VirtualClock,
  options: Partial<GeminiGeneratorOptions> = {},
): GeminiGenerator =>
  new GeminiGenerator({
    apiKey: key,
    baseUrl: url,
    model: WRITING_MODEL,
    clock,
    fetch: heldFetch(clock),
    random: () => 0.5,
    ...options,
  });

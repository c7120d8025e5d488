export { MockGenerator } from "./providers/mock/mock-generator.ts";
export type { MockGeneratorOptions } from "./providers/mock/mock-generator.ts";
export { MockGeminiClient } from "./providers/mock/mock-gemini-client.ts";
export type { MockOptions } from "./providers/mock/mock-gemini-client.ts";
export type { FaultName, MockFault } from "./providers/mock/mock-faults.ts";
export { createVirtualClock } from "./words/virtual-clock.ts";
export type { VirtualClock } from "./words/virtual-clock.ts";

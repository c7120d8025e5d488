export { MockGenerator } from "./generation/mock-generator.ts";
export type { MockGeneratorOptions } from "./generation/mock-generator.ts";
export { MockGeminiClient } from "./gemini/mock-gemini-client.ts";
export type { MockOptions } from "./gemini/mock-gemini-client.ts";
export type { FaultName, MockFault } from "./gemini/mock-faults.ts";
export { createVirtualClock } from "./testing/virtual-clock.ts";
export type { VirtualClock } from "./testing/virtual-clock.ts";

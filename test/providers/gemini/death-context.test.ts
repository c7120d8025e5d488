import { describe } from "vitest";
import { testDeaths } from "./death.ts";

describe("a run that dies, with sentences of context by calls", () => {
  const batching = { strategy: "individual", textsPerCall: 1 } as const;
  testDeaths({ pages: 3, batching, enrich: "context", mostTwice: 2 });
});

import { describe } from "vitest";
import { testDeaths } from "./death.ts";

describe("a run that dies, with sentences of context by a job", () => {
  const thresholds = { batchThreshold: 5, hybridThreshold: 5 } as const;
  const batching = { strategy: "auto", textsPerCall: 1, ...thresholds } as const;
  testDeaths({ pages: 5, batching, enrich: "context", mostTwice: 0 });
});

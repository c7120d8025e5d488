import { describe } from "vitest";
import { testDeaths } from "./death.ts";

describe("a run that dies, hybrid, with sentences of context by calls", () => {
  const batching = { strategy: "auto", textsPerCall: 3 } as const;
  testDeaths({ pages: 4, batching, enrich: "context", mostTwice: 3 });
});

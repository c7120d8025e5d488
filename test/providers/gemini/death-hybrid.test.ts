import { describe } from "vitest";
import { testDeaths } from "./death.ts";

describe("a run that dies, hybrid", () => {
  testDeaths({ pages: 5, batching: { strategy: "auto", textsPerCall: 3 }, mostTwice: 3 });
});

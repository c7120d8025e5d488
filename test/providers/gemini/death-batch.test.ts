import { describe } from "vitest";
import { testDeaths } from "./death.ts";

describe("a run that dies, batch", () => {
  testDeaths({ pages: 10, batching: { strategy: "auto", textsPerCall: 1 }, mostTwice: 0 });
});

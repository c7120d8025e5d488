import { describe } from "vitest";
import { testDeaths } from "./death.ts";

describe("a run that dies, individual", () => {
  testDeaths({ pages: 3, batching: { strategy: "individual", textsPerCall: 1 }, mostTwice: 2 });
});

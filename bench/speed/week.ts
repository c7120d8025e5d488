import { chooseStrategy } from "../../src/planning/choose-strategy.ts";
import { geminiProfile } from "../../src/planning/gemini-profile.ts";
import { configSchema } from "../../src/providers/load-config.ts";
import type { Row } from "./bench.ts";

/**
 * Chunks that the pushes of each day change, from Monday to Friday: typing errors and sentences (1–3), sections
 * (4–9), new pages (10–65), and on Friday the reference of a release.
 */
const WEEK = [
  [1, 2, 6, 14],
  [1, 3, 5, 24],
  [1, 2, 9, 40],
  [1, 3, 12, 65],
  [1, 8, 160],
];
/** Tokens of a chunk. */
const TOKENS = 300;

/** What `auto` costs beside a job for everything, by the planner's own prices. */
export const costOfWeek: Row = async ({ report }) => {
  const { batching, embedding } = configSchema.parse({});
  const model = "gemini-embedding-2";
  const profile = geminiProfile(model, embedding.dimensions, { tier: "tier1" });
  const pushes = WEEK.flat().map((texts) =>
    chooseStrategy(
      Array.from({ length: texts }, (_, at) => ({
        fingerprint: String(at),
        tokens: TOKENS,
        bytes: 4 * TOKENS,
        page: "page.md",
      })),
      batching,
      { profile },
    ),
  );
  const auto = pushes.reduce((sum, { estimate }) => sum + (estimate.costUsd ?? 0), 0);
  const always = pushes.reduce((sum, plan) => sum + (plan.alternatives.batch?.costUsd ?? 0), 0);
  report.row(
    `cost of a week of edits; chunks of each push: ${WEEK.map((day) => day.join(" ")).join(" | ")}`,
  );
  report.note(`auto $${auto.toFixed(5)}, everything by jobs $${always.toFixed(5)}`);
  report.bound("must", "increase over always-batch", 100 * (auto / always - 1), 10, " %");
};

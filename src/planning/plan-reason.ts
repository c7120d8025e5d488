import type { Plan, Road } from "../words/types.ts";
import { count, dollars, duration } from "../words/amounts.ts";
import { countTexts, secondsOfCalls, secondsOfJobs } from "./estimate.ts";
import type { Contents, PlanContext } from "./choose-roads.ts";

type Decided = Omit<Plan, "reason">;

/** One sentence: what was decided, why, and what the plain roads would have come to. */
export function reasonOf(
  plan: Decided,
  because: string,
  { contents = "text", outputTokens = 0, profile }: PlanContext,
  maxParallel: number,
): string {
  const { resolved, estimate, alternatives, calls, jobs } = plan;
  if (resolved === "none") return NOTHING[contents];
  const callSeconds = duration(secondsOfCalls(calls, profile, maxParallel));
  const jobSeconds = duration(secondsOfJobs(jobs, profile));
  const { requestsPerDay } = profile.individual;
  const quota =
    countTexts(calls) > requestsPerDay
      ? ` (the quota is ${count(requestsPerDay, "request")} a day)`
      : "";
  const inCalls = count(calls.length, "call");
  const inJobs = count(jobs.length, "batch job");
  const ways: Record<Road, string> = {
    individual: `${inCalls}, ${callSeconds}${quota}`,
    hybrid: `${countTexts(calls)} now in ${inCalls}, ${callSeconds}${quota}; ${countTexts(jobs)} as ${inJobs}, ${jobSeconds}`,
    batch: `${inJobs}, ${jobSeconds}`,
  };
  const others = (["individual", "batch"] as const).flatMap((road) => {
    const other = alternatives[road];
    if (road === resolved || other === null) return [];
    const cost = other.costUsd === null ? "" : ` and cost ${dollars(other.costUsd)}`;
    return `${road} would take ${duration(other.seconds)}${cost}`;
  });
  const written =
    outputTokens === 0
      ? ""
      : `about ${count(estimate.tokens, "token")} to read and ${(estimate.texts * outputTokens).toLocaleString("en")} to write, `;
  const what = `${count(estimate.texts, contents)}${contents === "sentence" ? " of context" : ""}`;
  const head = `${what} → ${resolved}: ${ways[resolved]}; ${written}${dollars(estimate.costUsd)}`;
  return [`${head} (${because})`, ...others].join("; ");
}

const NOTHING: Readonly<Record<Contents, string>> = {
  text: "nothing to embed: every vector is in the store",
  prompt: "nothing to write",
  sentence: "nothing to write: every sentence of context is in the store",
};

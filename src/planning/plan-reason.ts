import type { Plan, Road } from "../words/types.ts";
import { count, dollars, duration } from "../words/amounts.ts";
import { countTexts, secondsOfCalls, secondsOfJobs } from "./estimate.ts";
import type { ProviderProfile } from "./provider-profile.ts";

type Decided = Omit<Plan, "reason">;

/** One sentence: what was decided, why, and what the plain roads would have come to. */
export function reasonOf(
  plan: Decided,
  because: string,
  profile: ProviderProfile,
  maxParallel: number,
): string {
  const { resolved, estimate, alternatives, calls, jobs } = plan;
  if (resolved === "none") return "nothing to embed: every vector is in the store";
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
    return `${road} would take ${duration(other.seconds)} and cost ${dollars(other.costUsd)}`;
  });
  const head = `${count(estimate.texts, "text")} → ${resolved}: ${ways[resolved]}; ${dollars(estimate.costUsd)}`;
  return [`${head} (${because})`, ...others].join("; ");
}

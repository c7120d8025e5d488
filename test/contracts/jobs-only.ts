import { test } from "vitest";

type AddTest = (name: string, run: () => Promise<void>) => void;

/** Adds tests of batch jobs, which say nothing of a provider that has none. */
export const jobsOnly = (hasJobs: boolean): AddTest => (hasJobs ? test : () => undefined);

import { describeEnds, describePlans } from "./sender-plans.ts";
import { describeLedger, describeSets } from "./sender-sets.ts";
import { describeJobFaults } from "./sender-job-faults.ts";
import { describeCallFaults } from "./sender-call-faults.ts";
import type { FailingHarness, MakeSender, SenderHarness } from "./sender-harness.ts";

/**
 * What everyone keeps to who sends texts, of either kind and to any provider. The suite speaks through
 * the port and the harness alone. `hasJobs`: whether the provider has batch jobs; without, all goes by calls.
 */
export function describeSender<Input, Output>(
  name: string,
  make: MakeSender<SenderHarness<Input, Output>>,
  hasJobs = true,
): void {
  describePlans(name, make, hasJobs);
  describeEnds(name, make);
  describeSets(name, make, hasJobs);
  if (hasJobs) describeLedger(name, make);
}

/** The same where the service takes its time and can fail; `MockGenerator`'s does neither. */
export function describeFailingSender<Input, Output>(
  name: string,
  make: MakeSender<FailingHarness<Input, Output>>,
  hasJobs = true,
): void {
  describeSender(name, make, hasJobs);
  describeCallFaults(name, make);
  if (hasJobs) describeJobFaults(name, make);
}

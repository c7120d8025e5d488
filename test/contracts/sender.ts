import { describeEnds, describePlans } from "./sender-plans.ts";
import { describeLedger, describeSets } from "./sender-sets.ts";
import { describeJobFaults } from "./sender-job-faults.ts";
import { describeCallFaults } from "./sender-call-faults.ts";
import type { FailingHarness, MakeSender, SenderHarness } from "./sender-harness.ts";

/**
 * What everyone keeps to who sends texts, of either kind and to any provider. The suite speaks through
 * the port and the harness alone.
 */
export function describeSender<Input, Output>(
  name: string,
  make: MakeSender<SenderHarness<Input, Output>>,
): void {
  describePlans(name, make);
  describeEnds(name, make);
  describeSets(name, make);
  describeLedger(name, make);
}

/** The same where the service takes its time and can fail; `MockGenerator`'s does neither. */
export function describeFailingSender<Input, Output>(
  name: string,
  make: MakeSender<FailingHarness<Input, Output>>,
): void {
  describeSender(name, make);
  describeCallFaults(name, make);
  describeJobFaults(name, make);
}

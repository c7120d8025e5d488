import type { PlanItem } from "../words/plans.ts";
import type { TaskType } from "../words/types.ts";
import type { PackLimits } from "./provider-profile.ts";

/**
 * Fills packs in order, each with texts of one task and within every limit. A text that exceeds a
 * limit goes alone; the client then refuses it by name.
 */
export const pack = (items: readonly PlanItem[], limits: PackLimits): PlanItem[][] =>
  [...Map.groupBy(items, taskOf).values()].flatMap((ofOneTask) => packAlike(ofOneTask, limits));

export const taskOf = (item: PlanItem | undefined): TaskType =>
  item?.taskType ?? "RETRIEVAL_DOCUMENT";

function packAlike(items: readonly PlanItem[], limits: PackLimits): PlanItem[][] {
  const packs: PlanItem[][] = [];
  let tokens = 0;
  let bytes = 0;
  for (const item of items) {
    const size = item.bytes + limits.bytesAroundText;
    const count = item.tokens + limits.tokensAroundText;
    const last = packs.at(-1);
    const fits =
      last !== undefined &&
      last.length < limits.texts &&
      tokens + count <= limits.tokens &&
      bytes + size <= limits.bytes;
    if (fits) last.push(item);
    else packs.push([item]);
    tokens = count + (fits ? tokens : 0);
    bytes = size + (fits ? bytes : 0);
  }
  return packs;
}

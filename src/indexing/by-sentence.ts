import type { Draft } from "../planning/sentence-budget.ts";
import type { PlanItem } from "../words/types.ts";
import type { SentenceDrafts } from "./sentence-drafts.ts";
import { withSize } from "./sentences.ts";
import type { SentenceSizes } from "./sentences.ts";

/** Texts by what there is of their sentences, each group in their order. */
export interface TextsBySentence {
  /** With their sentences. */
  readonly ready: readonly PlanItem[];
  /** Whose sentences are in jobs of earlier runs. */
  readonly inJobs: readonly Draft[];
  readonly missing: readonly Draft[];
}

/** Parts texts by their sentences; `out` are the recipes that are in jobs. */
export function bySentence(
  items: readonly PlanItem[],
  drafts: SentenceDrafts,
  sizes: SentenceSizes,
  out: { readonly has: (recipe: string) => boolean },
): TextsBySentence {
  const ready: PlanItem[] = [];
  const inJobs: Draft[] = [];
  const missing: Draft[] = [];
  for (const item of items) {
    const draft = drafts.draftOf(item.fingerprint);
    const recipe = draft.prompt.fingerprint;
    const size = sizes.get(recipe);
    if (size !== undefined) ready.push(withSize(item, size));
    else if (out.has(recipe)) inJobs.push(draft);
    else missing.push(draft);
  }
  return { ready, inJobs, missing };
}

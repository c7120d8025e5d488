import { count } from "../words/amounts.ts";
import type { PlanItem } from "../words/types.ts";
import type { Run } from "./run.ts";
import type { SentenceDrafts } from "./sentence-drafts.ts";
import type { SentenceSizes } from "./sentence-sizes.ts";

/** Places named in a message; the rest is counted. */
const SHOWN = 5;

/** Tells of texts for which the model writes no sentence. */
export async function warnOfSilence(
  { messages }: Pick<Run, "messages">,
  ready: readonly PlanItem[],
  sizes: SentenceSizes,
  { drafts, model }: { readonly drafts: SentenceDrafts; readonly model: string },
): Promise<void> {
  const texts = ready.filter(
    ({ fingerprint }) => sizes.get(drafts.recipeOf(fingerprint))?.bytes === 0,
  );
  if (texts.length === 0) return;
  const places: string[] = [];
  for (const { fingerprint } of texts.slice(0, SHOWN)) {
    places.push(await drafts.placeOf(fingerprint));
  }
  const more = texts.length > SHOWN ? `; and ${texts.length - SHOWN} more` : "";
  messages.warn(
    `${count(texts.length, "text")} without a sentence of context, because ${model} writes none for it: ${places.join("; ")}${more}`,
  );
}

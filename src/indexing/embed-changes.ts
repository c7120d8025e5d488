import type { EmbeddingClient } from "../embedding/client.ts";
import type { GenerationClient } from "../generation/client.ts";
import { hasVectors, isSameSpace, namesOfSpaces } from "../words/embedding-space.ts";
import { isOfSentences } from "../words/job-kind.ts";
import type { EmbeddingSpace } from "../words/types.ts";
import { collectChanges } from "./collect-changes.ts";
import { jobSentences, ledgerOf, textsOut } from "./earlier-jobs.ts";
import { waitingSentences } from "./failure-messages.ts";
import {
  contextModel,
  fillSentences,
  sentencesStage,
  withoutSentences,
  type Enriched,
  type SentenceWork,
} from "./fill-sentences.ts";
import { fillVectors, vectorsStage } from "./fill-vectors.ts";
import { findNeeded } from "./find-needed.ts";
import type { recordLatencies } from "./latency-record.ts";
import { announcementsOf } from "./messages.ts";
import { otherVersionSentences } from "./other-version.ts";
import type { PlanSiteOptions } from "./plan-site.ts";
import type { Run } from "./run.ts";
import type { RunTallies } from "./run-tallies.ts";
import { SentenceNote } from "./sentence-note.ts";
import { sendingNothing, waitingFor } from "./send-nothing.ts";
import { collectEarlier } from "./stage.ts";

/** Who embeds and writes, and what counts it. */
export interface Parts {
  readonly client: EmbeddingClient;
  readonly generator: GenerationClient;
  /** Why the run sends nothing; null: it does. */
  readonly whyNothingIsSent: string | null;
  readonly tallies: RunTallies;
  readonly latencies: Awaited<ReturnType<typeof recordLatencies>>;
}

interface EmbedOptions extends Pick<PlanSiteOptions, "only" | "onlyFrom"> {
  /** Longest wait for batch jobs if the configuration sets none. */
  readonly deadlineMinutes?: number;
}

const DEADLINE_MINUTES = 10;
const MINUTE_MS = 60_000;

/**
 * Finds what has changed, and gives it vectors. Apart from publishing, so that the plan and its texts need no memory
 * any more when that begins.
 */
export async function embedChanges(
  run: Run,
  { deadlineMinutes = DEADLINE_MINUTES, only, onlyFrom }: EmbedOptions,
  parts: Parts,
) {
  const { clock, config, messages, signal, store } = run;
  const { client, generator, whyNothingIsSent, tallies } = parts;
  const { space } = client;
  const { observe, profile } = parts.latencies;
  const note = await SentenceNote.open(store, config.store.index, clock);
  const vectors = vectorsStage(whyNothingIsSent === null ? client : sendingNothing(client), store);
  const ledger = ledgerOf(store.jobs, space, config.store.index);
  const earlierJobs = await store.jobs.all();
  const onEvent = tallies.onVectorEvent;
  const toCollect = { ledger, signal, observe, onEvent, deadlineMs: 0 };
  const earlier = await collectEarlier(vectors, toCollect);
  jobSentences(earlier).forEach(messages.tell);
  const model = contextModel(config, generator);
  const changes = await collectChanges(run, { space, model, only, onlyFrom });
  const { changed } = changes;
  tellOtherSpace((await store.chunks.published())?.space ?? space, space, messages.tell);
  const wanting = hasVectors(space) ? changed : [];
  const needed = await findNeeded(wanting, store.cache, textsOut(earlier));
  otherVersionSentences(changed, needed.items, config.batching, profile).forEach(messages.warn);
  if (whyNothingIsSent === null) await store.tryWrite(needed.items.length);
  const deadlineMs = (config.batching.deadlineMinutes ?? deadlineMinutes) * MINUTE_MS;
  const deadlineAt = clock.now() + deadlineMs;
  // The log names the jobs that a run waits for, unless they end at once.
  const isWaiting = deadlineMs > 0 && (profile.batch?.secondsPerJob ?? 0) > 1;
  const shared = { changed, needed, deadlineAt };
  const toEnrich = { ...shared, note, model, embedder: profile, isWaiting };
  const enriched = await enrich(run, parts, toEnrich);
  const announcements = announcementsOf({ client, clock, messages, isWaiting, onEvent });
  const work = { ...shared, enriched, profile, whyNothingIsSent, ledger, announcements, observe };
  const { plan: whole, usage, ...filled } = await fillVectors(run, vectors, work);
  waitingSentences([...enriched.waiting, ...filled.waiting]).forEach(messages.warn);
  const failed = new Map([...enriched.failed, ...filled.failed]);
  const { estimate, reason, resolved, strategy } = whole;
  const plan = { strategy, resolved, reason, estimate };
  return { changes, earlierJobs, failed, model, note, plan, usage };
}

/** Says what a change of provider or model means, just before the plan says what it costs. */
function tellOtherSpace(
  published: EmbeddingSpace,
  own: EmbeddingSpace,
  tell: (line: string) => void,
): void {
  if (isSameSpace(published, own) || !hasVectors(own)) return;
  const [before, now] = namesOfSpaces(published, own);
  tell(
    `The index was built with ${before}; this run uses ${now}. It embeds each text that has no such vector yet, and the store keeps the old vectors.`,
  );
}

interface EnrichWork extends Pick<SentenceWork, "changed" | "needed" | "deadlineAt" | "embedder"> {
  readonly note: SentenceNote;
  readonly model: string | null;
  readonly isWaiting: boolean;
}

/** Gives texts their sentences of context. Always collects earlier jobs, because they are paid for. */
async function enrich(
  run: Run,
  { generator, whyNothingIsSent, tallies }: Omit<Parts, "latencies">,
  { model, isWaiting, note, ...work }: EnrichWork,
): Promise<Enriched> {
  if (whyNothingIsSent !== null) return waitingFor(whyNothingIsSent, work.needed);
  const { clock, config, messages, store, signal } = run;
  const onEvent = tallies.onSentenceEvent;
  const stage = sentencesStage(generator, store, tallies.onSentences);
  const ledger = ledgerOf(store.jobs, generator.space, config.store.index);
  const models = (await ledger.open()).filter(isOfSentences).map(({ space }) => space.model);
  if (model !== null && work.needed.items.length > 0) models.push(model);
  if (models.length > 0) await note.write(models);
  const earlier = await collectEarlier(stage, { ledger, signal, deadlineMs: 0, onEvent });
  if (model !== null || earlier.collected.length > 0) tallies.expectSentences();
  jobSentences(earlier).forEach(messages.tell);
  if (model === null) return withoutSentences(work.needed);
  const announcements = announcementsOf({ client: generator, clock, messages, isWaiting, onEvent });
  const out = textsOut(earlier);
  return fillSentences(run, stage, { ...work, model, out, ledger, announcements });
}

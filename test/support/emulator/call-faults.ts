import { cutAnswer, htmlAnswer, malformedAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { CallFault } from "./fault-names.ts";
import type { MetFault } from "./faults.ts";
import { badKey } from "./keys.ts";
import type { Model } from "./models.ts";
import { quotaRefusal } from "./quota-error.ts";
import { Refusal } from "./refusal.ts";

/** Limits of the free tier, for refusals. */
const FREE_TIER = { requestsPerMinute: 100, requestsPerDay: 1000 };

/** The model that a refusal names. */
type Named = Pick<Model, "quotaName">;

type Refuse = (model: Named, fault: MetFault<CallFault>) => Answer;

const refused =
  (...problem: ConstructorParameters<typeof Refusal>): Refuse =>
  () =>
    new Refusal(...problem).answer;

/** Faults that answer instead of doing the work. */
const REFUSALS: Readonly<Partial<Record<CallFault, Refuse>>> = {
  "bad-request": refused("INVALID_ARGUMENT", "Request contains an invalid argument."),
  "bad-key": () => badKey().answer,
  unauthenticated: refused(
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
  ),
  forbidden: refused("PERMISSION_DENIED", "The caller does not have permission"),
  "not-found": refused("NOT_FOUND", "Requested entity was not found."),
  "timeout-408": () => htmlAnswer(408, "Request Timeout"),
  "rate-limited": ({ quotaName }, { retryDelaySeconds }) =>
    quotaRefusal(
      "requestsPerMinute",
      quotaName,
      FREE_TIER.requestsPerMinute,
      retryDelaySeconds === null ? null : retryDelaySeconds * 1000,
    ).answer,
  "quota-of-day": ({ quotaName }) =>
    quotaRefusal("requestsPerDay", quotaName, FREE_TIER.requestsPerDay, 33_380).answer,
  internal: refused("INTERNAL", "An internal error has occurred. Please retry."),
  "bad-gateway": () => htmlAnswer(502, "Server Error"),
  unavailable: refused("UNAVAILABLE", "The model is overloaded. Please try again later."),
  "gateway-timeout": refused(
    "DEADLINE_EXCEEDED",
    "Deadline expired before operation could complete.",
  ),
  "reset-before": () => ({ kind: "reset" }),
  hang: () => ({ kind: "silence" }),
};

type Values = readonly (number | null)[];

/** Faults that change the vectors of a call. */
const SPOILS: Readonly<
  Partial<Record<CallFault, (vectors: readonly Values[]) => readonly Values[]>>
> = {
  "short-answer": (vectors) => vectors.slice(1),
  "long-answer": (vectors) => [...vectors, ...vectors.slice(-1)],
  "wrong-length": (vectors) => vectors.map((vector) => vector.slice(1)),
  // JSON has no NaN.
  "not-a-number": (vectors) => vectors.map((vector) => vector.map(() => null)),
  "zero-vector": (vectors) => vectors.map((vector) => vector.map(() => 0)),
};

/** Faults that change the answer on its way. */
const DELIVERIES: Readonly<Partial<Record<CallFault, (answer: Answer) => Answer>>> = {
  "reset-after": () => ({ kind: "reset" }),
  "cut-body": cutAnswer,
  "malformed-json": () => malformedAnswer,
};

/** The answer that replaces the work, or null if the work is done. */
export const refusalOf = (fault: MetFault<CallFault> | null, model: Named): Answer | null =>
  fault === null ? null : (REFUSALS[fault.name]?.(model, fault) ?? null);

/** The vectors after the fault. */
export const spoil = (
  fault: MetFault<CallFault> | null,
  vectors: readonly Values[],
): readonly Values[] => (fault === null ? null : SPOILS[fault.name]?.(vectors)) ?? vectors;

/** The answer after the fault. */
export const deliver = (fault: MetFault<CallFault> | null, answer: Answer): Answer =>
  (fault === null ? null : DELIVERIES[fault.name]?.(answer)) ?? answer;

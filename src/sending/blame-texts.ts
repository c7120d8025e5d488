import { slice } from "./attempt.ts";
import { CallFailure } from "./call-failure.ts";
import type { Pack } from "./provider.ts";

/** What became of one text of a call; `retries` are those of the call that failed. */
export type TextOutcome<Output> =
  | { readonly output: Output }
  | { readonly error: Error; readonly retries: number };

/** A refusal of a whole pack, and the repetitions before it. */
export interface Refusal {
  readonly refused: CallFailure;
  readonly retries: number;
}

/** Outcomes of a pack's texts, or the refusal that holds for every one of them. */
export type PackAnswer<Output> = readonly TextOutcome<Output>[] | Refusal;

/** Sends a pack; gives a refusal only where one of the texts may be to blame. */
type Send<Input, Output> = (pack: Pack<Input>) => Promise<PackAnswer<Output>>;

/**
 * Sends a pack. Of one that is refused the halves are sent, and so on until the guilty texts stand
 * alone; unless both halves are refused in the same words down to a single text: then it is no
 * text's fault, and the pack is refused.
 */
export async function blameTexts<Input, Output>(
  pack: Pack<Input>,
  send: Send<Input, Output>,
): Promise<readonly TextOutcome<Output>[]> {
  const answer = await send(pack);
  return toOutcomes(pack, await divided(pack, answer, send, true));
}

async function divided<Input, Output>(
  pack: Pack<Input>,
  answer: PackAnswer<Output>,
  send: Send<Input, Output>,
  isAlikeSoFar: boolean,
): Promise<PackAnswer<Output>> {
  if (!isRefusal(answer) || pack.inputs.length === 1) return answer;
  const middle = Math.ceil(pack.inputs.length / 2);
  const [first, second] = [slice(pack, 0, middle), slice(pack, middle)];
  const firstAnswer = await send(first);
  const secondAnswer = await send(second);
  const isAlike =
    isAlikeSoFar &&
    [firstAnswer, secondAnswer].every(
      (one) => isRefusal(one) && one.refused.message === answer.refused.message,
    );
  const blamed = await divided(first, firstAnswer, send, isAlike);
  if (isAlike && isRefusal(blamed)) return blamed;
  const others = await divided(second, secondAnswer, send, false);
  return [...toOutcomes(first, blamed), ...toOutcomes(second, others)];
}

const isRefusal = <Output>(answer: PackAnswer<Output>): answer is Refusal => "refused" in answer;

function toOutcomes<Input, Output>(
  { inputs }: Pack<Input>,
  answer: PackAnswer<Output>,
): readonly TextOutcome<Output>[] {
  if (!isRefusal(answer)) return answer;
  const { refused, retries } = answer;
  return inputs.map(() => ({ error: refused.error, retries }));
}

import { slice } from "./attempt.ts";
import { CallFailure } from "./call-failure.ts";
import type { Pack } from "./provider.ts";

/** The outcome of one text of a call; `retries` are those of the call that failed. */
export type TextOutcome<Output> =
  | { readonly output: Output }
  | { readonly error: Error; readonly retries: number };

/** A refused pack, and the retries before it. */
interface Refusal {
  readonly refused: CallFailure;
  readonly retries: number;
}

/** Outcomes of a pack's texts, or the refusal of them all. */
export type PackAnswer<Output> = readonly TextOutcome<Output>[] | Refusal;

/** Sends a pack. Gives a refusal only if one of its texts may be to blame. */
type Send<Input, Output> = (pack: Pack<Input>) => Promise<PackAnswer<Output>>;

/**
 * Sends a pack. If it is refused, sends its halves, and theirs, until each guilty text is alone. If all
 * of them down to a single text are refused in the same words, no text is to blame: all are refused.
 */
export async function blameTexts<Input, Output>(
  pack: Pack<Input>,
  send: Send<Input, Output>,
): Promise<readonly TextOutcome<Output>[]> {
  return toOutcomes(pack, await divided(pack, await send(pack), send, true));
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

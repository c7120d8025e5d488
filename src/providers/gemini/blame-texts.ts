import { CallFailure } from "../../sending/call-failure.ts";
import type { TextOutcome, TextPack } from "../../sending/service.ts";

/** Outcomes of a pack's texts, or the refusal that holds for every one of them. */
export type PackAnswer = readonly TextOutcome[] | CallFailure;

/** Sends a pack; gives a refusal only where one of the texts may be to blame. */
export type SendPack = (pack: TextPack) => Promise<PackAnswer>;

/**
 * Sends a pack. Of one that is refused the halves are sent, and so on until the guilty texts stand
 * alone; unless both halves are refused in the same words down to a single text: then it is no
 * text's fault, and the pack is refused.
 */
export async function blameTexts(pack: TextPack, send: SendPack): Promise<readonly TextOutcome[]> {
  const answer = await send(pack);
  return toOutcomes(pack, await divided(pack, answer, send, true));
}

async function divided(
  pack: TextPack,
  answer: PackAnswer,
  send: SendPack,
  isAlikeSoFar: boolean,
): Promise<PackAnswer> {
  if (!(answer instanceof CallFailure) || pack.inputs.length === 1) return answer;
  const [first, second] = halvesOf(pack);
  const firstAnswer = await send(first);
  const secondAnswer = await send(second);
  const isAlike =
    isAlikeSoFar &&
    [firstAnswer, secondAnswer].every(
      (one) => one instanceof CallFailure && one.message === answer.message,
    );
  const blamed = await divided(first, firstAnswer, send, isAlike);
  if (isAlike && blamed instanceof CallFailure) return blamed;
  const others = await divided(second, secondAnswer, send, false);
  return [...toOutcomes(first, blamed), ...toOutcomes(second, others)];
}

function toOutcomes({ inputs }: TextPack, answer: PackAnswer): readonly TextOutcome[] {
  return answer instanceof CallFailure ? inputs.map(() => ({ error: answer.error })) : answer;
}

function halvesOf(pack: TextPack): readonly [first: TextPack, second: TextPack] {
  const middle = Math.ceil(pack.inputs.length / 2);
  return [slice(pack, 0, middle), slice(pack, middle)];
}

/** Some neighbouring texts of a pack. */
export const slice = (
  { inputs, tokens, taskType }: TextPack,
  from: number,
  to?: number,
): TextPack => ({
  inputs: inputs.slice(from, to),
  tokens: tokens.slice(from, to),
  taskType,
});

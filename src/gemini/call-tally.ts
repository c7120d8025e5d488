import type { CallFailure } from "../embedding/call-failure.ts";
import type { CallReport, TextOutcome, TextPack } from "../embedding/service.ts";

/** What the calls for one pack have taken. */
export class CallTally {
  readonly #sent = new Set<TextPack["inputs"][number]>();
  #calls = 0;
  #retries = 0;
  #textsRepeated = 0;
  #tokens = 0;

  /** A call goes out. */
  send({ inputs }: TextPack): void {
    this.#calls += 1;
    for (const input of inputs) this.#sent.add(input);
  }

  /** It was answered, and the service counted so many tokens. */
  answered(tokens: number): void {
    this.#tokens += tokens;
  }

  /** It will be sent again. Where the answer was lost, the work may have been billed. */
  repeat({ inputs, tokens }: TextPack, { isLost }: CallFailure): void {
    this.#retries += 1;
    if (!isLost) return;
    this.#textsRepeated += inputs.length;
    this.#tokens += tokens.reduce((sum, count) => sum + count, 0);
  }

  report(outcomes: readonly TextOutcome[]): CallReport {
    return {
      outcomes,
      calls: this.#calls,
      retries: this.#retries,
      texts: this.#sent.size,
      textsRepeated: this.#textsRepeated,
      tokens: this.#tokens,
    };
  }
}

import type { CallFailure } from "../../sending/call-failure.ts";
import type { CallReport, TextOutcome, TextPack } from "../../sending/service.ts";

/** What the calls for one pack have taken. */
export class CallTally {
  readonly #sent = new Set<TextPack["inputs"][number]>();
  #calls = 0;
  #retries = 0;
  #textsRepeated = 0;
  #tokens = 0;
  readonly #latenciesMs: number[] = [];

  /** Whether any call has gone out. */
  get hasSent(): boolean {
    return this.#calls > 0;
  }

  /** A call goes out, after a failed one or as the first. */
  send({ inputs }: TextPack, failed: CallFailure | null): void {
    this.#calls += 1;
    if (failed !== null) this.#retries += 1;
    if (failed?.isLost === true) this.#textsRepeated += inputs.length;
    for (const input of inputs) this.#sent.add(input);
  }

  /** It was answered, and the service counted so many tokens. */
  answered(tokens: number, latencyMs: number): void {
    this.#tokens += tokens;
    this.#latenciesMs.push(latencyMs);
  }

  /** Its answer was lost, or cannot be used: the work may have been billed, at so many tokens. */
  lost(tokens: number): void {
    this.#tokens += tokens;
  }

  report(outcomes: readonly TextOutcome[]): CallReport {
    return {
      outcomes,
      calls: this.#calls,
      retries: this.#retries,
      texts: this.#sent.size,
      textsRepeated: this.#textsRepeated,
      tokens: this.#tokens,
      latenciesMs: this.#latenciesMs,
    };
  }
}

/** Estimated tokens of all texts of a pack. */
export const tokensOf = ({ tokens }: TextPack): number =>
  tokens.reduce((sum, count) => sum + count, 0);

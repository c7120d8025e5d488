import { count } from "../words/amounts.ts";
import type { Logger } from "../words/types.ts";
import type { Listener } from "./events.ts";

/** Tells what a model on this machine has cut, and how fast it was. */
export const modelLines =
  ({ info, warn }: Partial<Logger>): Listener =>
  (event) => {
    if (event.type === "throughput") {
      const { seconds, texts, tokens } = event;
      const rate = (amount: number): string =>
        (amount / Math.max(seconds, 0.001)).toLocaleString("en", { maximumSignificantDigits: 3 });
      info?.(
        `${count(texts, "text")} embedded in ${seconds.toFixed(1)} s: ${rate(texts)} texts/s, ${rate(tokens)} tokens/s.`,
      );
    }
    if (event.type !== "texts_cut") return;
    const { contextTokens, model, texts } = event;
    const named = texts.map(
      ({ name, tokens }) => `${name} (${tokens.toLocaleString("en")} tokens)`,
    );
    warn?.(
      `${count(texts.length, "text is", "texts are")} longer than the ${count(contextTokens, "token")} that ${model} reads; the rest of ${texts.length === 1 ? "it" : "each"} has no part in its vector. A lower chunking.maxTokens keeps texts whole: ${named.join("; ")}.`,
    );
  };

import { count, grouped } from "../words/amounts.ts";
import type { Listener } from "./events.ts";

/** Warns of each text of which a model has read only the beginning. */
export const cutLines =
  (warn: (line: string) => void): Listener =>
  (event) => {
    if (event.type !== "texts_cut") return;
    const { contextTokens, model } = event;
    for (const { name, tokens } of event.texts) {
      warn(
        `${name} has ${count(tokens, "token")}, and ${model} reads ${grouped(contextTokens)}: its vector knows nothing of the rest. A lower chunking.maxTokens makes smaller chunks.`,
      );
    }
  };

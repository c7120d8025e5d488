import type { EmbeddingClient } from "../../src/embedding/client.ts";
import type {
  GeneratedText,
  GenerationClient,
  GenerationRequest,
} from "../../src/generation/client.ts";
import type { BatchingOptions } from "../../src/planning/choose-roads.ts";
import type { Embedded, EmbeddingInput } from "../../src/words/types.ts";
import type { SenderHarness } from "./sender-harness.ts";

/** What the suite must know of a kind of texts of any provider. */
type Kind<Input, Output> = Pick<
  SenderHarness<Input, Output>,
  "client" | "callsAtOnce" | "countedWhen" | "inputOf" | "shown" | "send"
>;

/** A client as one that sends texts for their vectors. */
export const asVectors = (
  client: EmbeddingClient,
  { maxParallelIndividual: callsAtOnce }: Pick<BatchingOptions, "maxParallelIndividual">,
): Kind<EmbeddingInput, Embedded> => ({
  client,
  callsAtOnce,
  countedWhen: "created",
  inputOf: (text) => ({ title: null, text }),
  shown: ({ vector }) => vector.join(),
  send: (texts, options) => client.embedContent(texts, options),
});

/** A client as one that sends prompts for what is written to them. */
export const asWriting = (
  client: GenerationClient,
  { maxParallelIndividual: callsAtOnce }: Pick<BatchingOptions, "maxParallelIndividual">,
): Kind<GenerationRequest, GeneratedText> => ({
  client,
  callsAtOnce,
  countedWhen: "read",
  inputOf: (prompt) => ({ prompt }),
  shown: ({ finish, text }) => `${finish}: ${text}`,
  send: (texts, options) =>
    client.generateContent(
      texts.map(({ text, ...rest }) => ({ prompt: text, ...rest })),
      options,
    ),
});

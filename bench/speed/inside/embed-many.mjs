/** Embeds a file of texts with the AI SDK. */
import { readFileSync } from "node:fs";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { embedMany } from "ai";

const [file, parallel] = process.argv.slice(2);
const { GEMINI_API_KEY, GOOGLE_GEMINI_BASE_URL } = process.env;
const google = createGoogleGenerativeAI({
  apiKey: GEMINI_API_KEY,
  baseURL: `${GOOGLE_GEMINI_BASE_URL}/v1beta`,
});
const { embeddings } = await embedMany({
  model: google.textEmbeddingModel("gemini-embedding-2"),
  values: JSON.parse(readFileSync(file, "utf8")),
  maxParallelCalls: Number(parallel),
  providerOptions: { google: { outputDimensionality: 768 } },
});
console.log(embeddings.length, embeddings[0].length);

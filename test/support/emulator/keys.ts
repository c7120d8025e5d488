import type { Incoming } from "./http-server.ts";
import { Refusal } from "./refusal.ts";

/** Throws the API's refusal unless the request has this key, in its header or its query. */
export function checkKey({ headers, query }: Incoming, key: string): void {
  const given = headers["x-goog-api-key"] ?? query.get("key");
  if (given === null) throw missingKey();
  if (given !== key) throw badKey();
}

const missingKey = (): Refusal =>
  new Refusal(
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  );

/** What the API makes of a key that it does not know: 400, not 401. */
export const badKey = (): Refusal =>
  new Refusal("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
      metadata: { service: "generativelanguage.googleapis.com" },
    },
  ]);

import type { Incoming } from "./http-server.ts";
import { Refusal } from "./refusal.ts";

/**
 * Throws the API's refusal unless the request has this key in its header or its query. The URL of a
 * started upload needs no key.
 */
export function checkKey({ headers, path, query }: Incoming, key: string): void {
  if (path.startsWith("/upload/") && query.has("upload_id")) return;
  const given = headers["x-goog-api-key"] ?? query.get("key");
  if (given === null) throw missingKey();
  if (given !== key) throw badKey();
}

const missingKey = (): Refusal =>
  new Refusal(
    "PERMISSION_DENIED",
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
  );

/** The API answers an unknown key with 400, not 401. */
export const badKey = (): Refusal =>
  new Refusal("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
      metadata: { service: "generativelanguage.googleapis.com" },
    },
  ]);

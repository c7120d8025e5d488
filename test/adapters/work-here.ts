import { SiteDevWork, type DevListener, type DevWork } from "../../src/adapters/dev-work.ts";
import type { ResolvedConfig } from "../../src/config/schema.ts";
import type { EmbeddingClient } from "../../src/embedding/client.ts";
import { createClient } from "../../src/providers/create-client.ts";
import { systemClock } from "../../src/words/system-clock.ts";
import type { Clock } from "../../src/words/types.ts";

/** Lets a site in a dev server be worked at in the thread of the test. */
export const workHere =
  (given: { readonly client?: EmbeddingClient; readonly clock?: Clock } = {}) =>
  (listener: DevListener, config: ResolvedConfig): DevWork =>
    new SiteDevWork({
      client: createClient(config),
      clock: systemClock,
      ...given,
      ...listener,
      config,
    });

import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";

/** Requests that were sent on one day. */
export interface DayCount {
  /** As in `2026-11-23`, in the time zone of the quota. */
  readonly day: string;
  readonly requests: number;
}

/** Keeps the count beyond the life of the process. */
export interface RequestsOfDay {
  read(): Promise<DayCount | null>;
  write(count: DayCount): Promise<void>;
}

/** Quotas of a day begin anew at midnight Pacific: https://ai.google.dev/gemini-api/docs/rate-limits */
const ZONE = { timeZone: "America/Los_Angeles" };

/** Counts the requests of the day (each text is one) and keeps them under the quota. */
export class DayQuota {
  readonly #limit: number;
  readonly #clock: Clock;
  #count: DayCount = { day: "", requests: 0 };
  #turn: Promise<unknown> = Promise.resolve();
  /** Made on first use: it takes longer than loading this whole folder, and most tiers have no such quota. */
  #dayFormat: Intl.DateTimeFormat | null = null;

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /**
   * Takes as many of the wanted requests as the day has left and gives their number. They are written
   * down before they are sent.
   */
  async take(wanted: number, keeper: RequestsOfDay | undefined): Promise<number> {
    if (this.#limit === Number.POSITIVE_INFINITY) return wanted;
    return this.#inTurn(async () => {
      const day = this.#today();
      const kept = await keeper?.read();
      const sentBy = (count: DayCount | null | undefined): number =>
        count?.day === day ? count.requests : 0;
      const sent = Math.max(sentBy(this.#count), sentBy(kept));
      const taken = Math.max(0, Math.min(wanted, this.#limit - sent));
      this.#count = { day, requests: sent + taken };
      if (taken > 0) await keeper?.write(this.#count);
      return taken;
    });
  }

  /** Gives back requests that were taken but not sent, or that the service refused. */
  async giveBack(unused: number, keeper: RequestsOfDay | undefined): Promise<void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return;
    await this.#inTurn(async () => {
      const { day, requests } = this.#count;
      if (requests === Number.POSITIVE_INFINITY) return;
      // After midnight, the count may be below what is given back.
      this.#count = { day, requests: Math.max(0, requests - unused) };
      await keeper?.write(this.#count);
    });
  }

  /** The service says that the day's quota is used up, whatever was counted here. */
  exhaust(): void {
    this.#count = { day: this.#today(), requests: Number.POSITIVE_INFINITY };
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #today(): string {
    this.#dayFormat ??= new Intl.DateTimeFormat("en-CA", ZONE);
    return this.#dayFormat.format(this.#clock.now());
  }
}

/** The error of texts for which the day has no request left. */
export const quotaOfDayReached = (options?: ErrorOptions): SiteragError =>
  new SiteragError(
    "QUOTA_OF_DAY",
    "Today's request quota is used up. It resets at midnight Pacific time; run `siterag index` again then.",
    options,
  );

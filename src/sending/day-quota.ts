import { SiteragError } from "../words/errors.ts";
import type { Clock } from "../words/types.ts";

/** Requests that were sent on one day. */
export interface DayCount {
  /** As in `2026-11-23`, in the time zone of the quota. */
  readonly day: string;
  readonly requests: number;
}

/** Where the count outlives the process. */
export interface RequestsOfDay {
  read(): Promise<DayCount | null>;
  write(count: DayCount): Promise<void>;
}

/** Quotas of a day begin anew at midnight Pacific: https://ai.google.dev/gemini-api/docs/rate-limits */
const DAY = new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles" });

/** Counts the requests of the day, each text one, and keeps them under the quota. */
export class DayQuota {
  readonly #limit: number;
  readonly #clock: Clock;
  #count: DayCount = { day: "", requests: 0 };
  #turn: Promise<unknown> = Promise.resolve();

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /**
   * Takes as many of the wanted requests as the day has left, written down before they are sent, and
   * gives that number.
   */
  take(wanted: number, keeper: RequestsOfDay | undefined): Promise<number> {
    if (this.#limit === Number.POSITIVE_INFINITY) return Promise.resolve(wanted);
    const taken = this.#turn.then(() => this.#take(wanted, keeper));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** So many requests that were taken have not been sent, or the service has refused them. */
  giveBack(unused: number, keeper: RequestsOfDay | undefined): Promise<void> {
    if (this.#limit === Number.POSITIVE_INFINITY) return Promise.resolve();
    const given = this.#turn.then(() => this.#giveBack(unused, keeper));
    this.#turn = given.catch(() => undefined);
    return given;
  }

  /** The service says that the day's quota is used up, whatever was counted here. */
  exhaust(): void {
    this.#count = { day: this.#today(), requests: Number.POSITIVE_INFINITY };
  }

  async #take(wanted: number, keeper: RequestsOfDay | undefined): Promise<number> {
    const day = this.#today();
    const kept = (await keeper?.read()) ?? null;
    const known = [this.#count, ...(kept === null ? [] : [kept])].filter((one) => one.day === day);
    const sent = Math.max(0, ...known.map(({ requests }) => requests));
    const taken = Math.max(0, Math.min(wanted, this.#limit - sent));
    this.#count = { day, requests: sent + taken };
    if (taken > 0) await keeper?.write(this.#count);
    return taken;
  }

  async #giveBack(unused: number, keeper: RequestsOfDay | undefined): Promise<void> {
    const { day, requests } = this.#count;
    if (requests === Number.POSITIVE_INFINITY) return;
    // Midnight may have begun the count anew.
    this.#count = { day, requests: Math.max(0, requests - unused) };
    await keeper?.write(this.#count);
  }

  #today(): string {
    return DAY.format(this.#clock.now());
  }
}

/** What is said of texts for which the day has no request left. */
export const quotaOfDayReached = (options?: ErrorOptions): SiteragError =>
  new SiteragError(
    "QUOTA_OF_DAY",
    "The request quota of the day is used up; it begins anew at midnight Pacific time. Run `siterag index` again then.",
    options,
  );

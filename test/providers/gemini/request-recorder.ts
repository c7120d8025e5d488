import { createHash } from "node:crypto";
import type { VirtualClock } from "../../../src/words/virtual-clock.ts";
import type { Emulator } from "../../support/emulator/emulator.ts";
import { heldFetch } from "../../support/held-fetch.ts";

/** A request as it was sent, and how it was answered. */
interface SentRequest {
  /** The run that sent it. */
  readonly run: string;
  /** On the virtual clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly method: string;
  /** With its query, without the host. */
  readonly path: string;
  readonly body: string;
  /** Status of the answer, or `lost`. */
  answer: string;
}

/** Writes down every request to an emulator as one line that is the same in every process. */
export class RequestRecorder {
  readonly fetch: typeof fetch;
  readonly #emulator: Emulator;
  readonly #sent: SentRequest[] = [];
  #run = "";

  constructor(emulator: Emulator, clock: VirtualClock) {
    const send = heldFetch(clock);
    this.#emulator = emulator;
    this.fetch = async (input, init) => {
      const request = new Request(input, init);
      const { method, url } = request;
      const { pathname, search } = new URL(url);
      // Who has given up already sends nothing.
      if (request.signal.aborted) return send(request);
      const at = clock.now();
      const run = this.#run;
      // It is in the list before anything is awaited: the list has the order of sending.
      const sent = { run, at, method, path: pathname + search, body: "", answer: "lost" };
      this.#sent.push(sent);
      clock.hold();
      sent.body = await request
        .clone()
        .text()
        .finally(() => clock.release());
      const response = await send(request);
      sent.answer = String(response.status);
      return response;
    };
  }

  /** What is sent from now on is part of this run. */
  begin(run: string): void {
    this.#run = run;
  }

  /**
   * Each run under its name. Requests of one instant stand together, sorted; an empty line parts them
   * from those of the next. Questions for jobs are counted at the end of the run: how often they are
   * asked changes nothing above.
   */
  get log(): string {
    const runs = [...Map.groupBy(this.#sent, ({ run }) => run)];
    return runs.map(([run, sent]) => `## ${run}\n\n${this.#logOf(sent)}`).join("\n");
  }

  #logOf(sent: readonly SentRequest[]): string {
    const isQuestion = ({ method, path }: SentRequest): boolean =>
      method === "GET" && /\/batches\b/u.test(path);
    const orders = sent.filter((request) => !isQuestion(request));
    const waves = [...Map.groupBy(orders, ({ at }) => at).values()].map((wave) =>
      wave.map((request) => this.#lineOf(request)).toSorted(),
    );
    const questions = Map.groupBy(sent.filter(isQuestion), (request) => this.#questionOf(request));
    const counted = [...questions].map(([line, { length }]) => `${line} × ${length}`).toSorted();
    return [...waves, counted]
      .filter((lines) => lines.length > 0)
      .map((lines) => `${lines.join("\n")}\n`)
      .join("\n");
  }

  #lineOf({ method, path, body, answer }: SentRequest): string {
    const named = this.#named(body);
    const hash = createHash("sha256").update(named).digest("hex").slice(0, 12);
    const what = named === "" ? "" : ` ${sizeOf(named)} ${hash}`;
    return `${method} ${this.#named(path)}${what} → ${answer}`;
  }

  #questionOf({ path, answer }: SentRequest): string {
    const [, job] = /\/(batches\/[^/?]+)$/u.exec(path) ?? [];
    return job === undefined
      ? `list ${this.#named(path)} → ${answer}`
      : `poll ${this.#named(job)} → ${answer}`;
  }

  /** With names in place of what the emulator draws by lot. */
  #named(text: string): string {
    let named = text;
    for (const [name, stable] of this.#jobNames()) {
      named = named.replaceAll(name.slice("batches/".length), stable);
    }
    return named
      .replaceAll(/upload_id=[0-9a-z]+/gu, "upload_id=…")
      .replaceAll(/files\/[0-9a-z]{12}\b/gu, "files/…");
  }

  /** A job is called after the order, and numbered where the same was ordered before. */
  *#jobNames(): Generator<readonly [name: string, stable: string]> {
    const seen = new Map<string | null, number>();
    for (const { name, displayName } of this.#emulator.jobs) {
      const number = (seen.get(displayName) ?? 0) + 1;
      seen.set(displayName, number);
      const short = displayName?.replace(/^siterag-(.{8}).*$/u, "$1");
      yield [name, `job-${short}${number === 1 ? "" : `-${number}`}`];
    }
  }
}

/** What helps to tell requests apart: the texts in it, or the bytes. */
function sizeOf(body: string): string {
  const rows = body.trimEnd().split("\n").length;
  const requests = body.match(/"content":/gu)?.length ?? 0;
  if (requests > 0) return `${requests} texts`;
  return rows > 1 ? `${rows} rows` : `${body.length} characters`;
}

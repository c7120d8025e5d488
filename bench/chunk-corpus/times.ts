/** Processor time for the pages that one parser reads, in seconds. */
export interface Times {
  parsing: number;
  /** Parsing included. */
  chunking: number;
}

/** The least processor time of some runs, in seconds: so nobody's garbage and no compiling counts. */
export function timed(runs: number, work: () => unknown): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return Math.min(...times);
}

/** Processor time after which rounds over one of the docs sets got no faster, in seconds. */
const WARM_UP_SECONDS = 4;

/** Does the work until its code is compiled: satteri is compiled from the start. */
export function warmUp(work: () => unknown): void {
  for (let seconds = 0; seconds < WARM_UP_SECONDS;) seconds += timed(1, work);
}

/** Time of chunking without the parse, as a share of the parse. */
export const added = ({ parsing, chunking }: Times): string =>
  parsing === 0 ? "none" : `${((chunking / parsing - 1) * 100).toFixed(0)} %`;

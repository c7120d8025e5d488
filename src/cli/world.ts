/** The part of an output stream that siterag uses. */
export interface Terminal {
  write(text: string): unknown;
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined;
  /** Width in characters; 0 if it is unknown. */
  readonly columns?: number | undefined;
}

/** Everything that the command line uses of its surroundings; tests pass their own. */
export interface CliWorld {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /**
   * Starts this program again in the same process, with variables more; returns if that fails. Absent where the system
   * cannot, and in a program that was started so.
   */
  readonly startAgain?: ((variables: Readonly<Record<string, string>>) => void) | undefined;
}

/** An environment variable; an empty one counts as unset. */
export const variable = (world: CliWorld, name: string): string | undefined =>
  world.env[name] || undefined;

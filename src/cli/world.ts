/** A stream of the terminal, as much of it as is used. */
export interface Terminal {
  write(text: string): unknown;
  /** Whether a person is looking at it. */
  readonly isTTY?: boolean | undefined;
  /** Width in characters; 0 where the terminal does not know. */
  readonly columns?: number | undefined;
}

/** All that the command line touches outside itself; tests hand in their own. */
export interface CliWorld {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** A variable of the environment; an empty one counts as unset. */
export const variable = (world: CliWorld, name: string): string | undefined =>
  world.env[name] || undefined;

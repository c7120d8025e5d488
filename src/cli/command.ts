import { Command, InvalidArgumentError, Option } from "commander";
import type { LoadedConfig } from "../config/load.ts";
import type { Strategy } from "../words/types.ts";
import { paint, type Paint } from "./paint.ts";
import type { UseCases } from "./use-cases.ts";
import type { CliWorld } from "./world.ts";

/** The flags that every command takes. */
export interface SharedFlags {
  readonly config?: string;
  readonly json?: boolean;
}

/** Flags that replace a setting. */
interface SettingFlags {
  readonly batchingStrategy?: Strategy;
}

const STRATEGIES = ["auto", "batch", "individual"] as const satisfies readonly Strategy[];

/** `--batching-strategy`, for the commands that embed. */
export const strategyOption = (): Option =>
  new Option(
    "--batching-strategy <name>",
    "how texts are sent (default: batching.strategy)",
  ).choices(STRATEGIES);

/** The result of a command as JSON and as text; stdout gets the one that was asked for. */
export interface Outcome {
  readonly json: unknown;
  /** Lines for people. */
  readonly text: readonly string[];
  /** Default: 0. */
  readonly exitCode?: number;
}

/** What every command is given. */
export interface CommandContext {
  readonly world: CliWorld;
  readonly useCases: UseCases;
  /** Prints the outcome of the command and sets the exit code. */
  readonly finish: (outcome: Outcome, flags: SharedFlags) => void;
}

/** What a command works with, once its flags and the configuration have been checked. */
export interface Session<Flags> extends LoadedConfig {
  readonly flags: Flags & SharedFlags;
  readonly world: CliWorld;
  readonly useCases: UseCases;
  readonly paint: Paint;
}

/** A command without an action. Its help ends with `example`, which follows `siterag`. */
export function newCommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addHelpText("after", `\nExample:\n  $ siterag ${example}`);
}

/** Loads and checks the configuration, then runs the command. Its flags have been checked before. */
export async function carryOut<Flags extends object>(
  context: CommandContext,
  command: Command,
  act: (session: Session<Flags>) => Promise<Outcome>,
): Promise<void> {
  const { useCases, world } = context;
  const flags = command.optsWithGlobals<Flags & SharedFlags & SettingFlags>();
  const { loadConfig } = await import("../providers/load-config.ts");
  const loaded = await loadConfig({
    cwd: world.cwd,
    environment: world.env,
    flags: { batching: { strategy: flags.batchingStrategy } },
    ...(flags.config === undefined ? {} : { file: flags.config }),
  });
  const session = { ...loaded, flags, world, useCases, paint: paint(world, world.stdout) };
  context.finish(await act(session), flags);
}

/** Reads a flag's value as a whole number from 1 to 100, the bounds of `search.limit`. */
export function parseLimit(value: string): number {
  const limit = Number(value);
  if (/^\d+$/.test(value) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError("Expected a whole number from 1 to 100.");
}

/** Reads a flag's value as a number from `minimum` to `maximum`. */
export const parseNumber =
  (minimum: number, maximum: number) =>
  (value: string): number => {
    const number = Number(value);
    if (value.trim() !== "" && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`Expected a number from ${minimum} to ${maximum}.`);
  };

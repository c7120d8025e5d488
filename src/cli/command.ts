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

/** What a flag can say in place of a setting. */
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

/** A command's result in both renderings; only the one asked for is printed, on stdout. */
export interface Outcome {
  readonly json: unknown;
  /** Lines for people. */
  readonly text: readonly string[];
  /** 0 when left out. */
  readonly exitCode?: number;
}

/** What the commands are built from. */
export interface CommandContext {
  readonly world: CliWorld;
  readonly useCases: () => Promise<UseCases>;
  /** Takes the outcome of the command that was carried out. */
  readonly finish: (outcome: Outcome, flags: SharedFlags) => void;
}

/** What a command has at hand once flags and configuration are known to be good. */
export interface Session<Flags> extends LoadedConfig {
  readonly flags: Flags & SharedFlags;
  readonly world: CliWorld;
  readonly useCases: UseCases;
  readonly paint: Paint;
}

/** A command without an action yet; `example` follows `siterag` and closes its help. */
export function newCommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .addHelpText("after", `\nExample:\n  $ siterag ${example}`);
}

/** Carries out a command after the checks that come first: flags (done), then configuration. */
export async function carryOut<Flags extends object>(
  context: CommandContext,
  command: Command,
  act: (session: Session<Flags>) => Promise<Outcome>,
): Promise<void> {
  const { world } = context;
  const flags = command.optsWithGlobals<Flags & SharedFlags & SettingFlags>();
  const { loadConfig } = await import("../providers/load-config.ts");
  const loaded = await loadConfig({
    cwd: world.cwd,
    environment: world.env,
    flags: { batching: { strategy: flags.batchingStrategy } },
    ...(flags.config === undefined ? {} : { file: flags.config }),
  });
  const useCases = await context.useCases();
  const session = { ...loaded, flags, world, useCases, paint: paint(world, world.stdout) };
  context.finish(await act(session), flags);
}

/** Reads a flag's value as a whole number from 1 to 100, the bounds of `search.limit`. */
export function parseLimit(value: string): number {
  const limit = Number(value);
  if (/^\d+$/.test(value) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError("Expected a whole number from 1 to 100.");
}

/** A parser of flags whose value is a number in a range, bounds included. */
export const parseNumber =
  (minimum: number, maximum: number) =>
  (value: string): number => {
    const number = Number(value);
    if (value.trim() !== "" && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`Expected a number from ${minimum} to ${maximum}.`);
  };

import { type Command, InvalidArgumentError, Option } from "commander";
import type { LoadedConfig } from "../config/load.ts";
import type { Strategy } from "../words/plans.ts";
import { waitTeller } from "../words/wait-teller.ts";
import { paint, type Paint } from "./paint.ts";
import { showProgress } from "./progress.ts";
import type { UseCases } from "./use-cases.ts";
import type { CliWorld } from "./world.ts";

/** The flags that every command takes. */
export interface SharedFlags {
  readonly config?: string;
  readonly json?: boolean;
}

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

/** Adds a command to the program, or to the command that it belongs to. */
export type AddCommand = (program: Command, context: CommandContext) => void;

/** What a command works with, once its flags and the configuration have been checked. */
export interface Session<Flags = object>
  extends LoadedConfig, Pick<CommandContext, "world" | "useCases"> {
  /** The command's own flags. */
  readonly flags: Omit<Flags & SharedFlags, keyof SharedFlags>;
  readonly isJson: boolean;
  readonly paint: Paint;
}

/** Adds a command without an action. Its help ends with `example`, which follows `siterag`. */
export const newCommand = (
  parent: Command,
  name: string,
  description: string,
  example: string,
): Command =>
  parent
    .command(name)
    .description(description)
    .addHelpText("after", `\nExample:\n  $ siterag ${example}`);

/** An action for commander, which has checked the flags: it loads the configuration, then acts. */
export const withSession = <Flags extends object, Arguments extends unknown[]>(
  { world, useCases, finish }: CommandContext,
  act: (session: Session<Flags>, ...given: Arguments) => Promise<Outcome>,
) =>
  async function run(this: Command, ...given: Arguments): Promise<void> {
    const all = this.optsWithGlobals<Flags & SharedFlags & SettingFlags>();
    const { config: file, json: isJson = false, ...flags } = all;
    const { loadConfig } = await import("../providers/load-config.ts");
    const loaded = await loadConfig({
      cwd: world.cwd,
      environment: world.env,
      flags: settingsOf(all),
      ...(file === undefined ? {} : { file }),
      tell: waitTeller(showProgress(world, isJson).logger),
    });
    const painted = paint(world, world.stdout);
    finish(await act({ ...loaded, flags, isJson, world, useCases, paint: painted }, ...given), all);
  };

/** Flags that stand for settings of the configuration. */
interface SettingFlags {
  readonly batchingStrategy?: Strategy;
  readonly embeddingProvider?: string;
  readonly batchSize?: number;
  readonly site?: string;
  /** Implied by a flag that needs it. */
  readonly contentFrom?: "html";
}

const settingsOf = ({
  batchSize,
  batchingStrategy,
  contentFrom,
  embeddingProvider,
  site,
}: SettingFlags) => ({
  content: { from: contentFrom, site },
  batching: { strategy: batchingStrategy },
  embedding: { provider: embeddingProvider, batchSize },
});

/** `--embedding-provider`, for every command that embeds. */
export const providerOption = (): Option =>
  new Option("--embedding-provider <name>", "who embeds (default: embedding.provider)");

/** `--batch-size`, for the same commands. */
export const batchSizeOption = (): Option =>
  new Option(
    "--batch-size <count>",
    "texts that a local model reads at once (default: embedding.batchSize)",
  ).argParser(parseNumber(1, 1024));

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

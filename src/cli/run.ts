import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { CommandContext, Outcome, SharedFlags } from "./command.ts";
import { askCommand } from "./commands/ask.ts";
import { cacheCommand } from "./commands/cache.ts";
import { jobsCommand } from "./commands/jobs.ts";
import { checkCommand } from "./commands/check.ts";
import { indexCommand } from "./commands/index.ts";
import { initCommand } from "./commands/init.ts";
import { relatedCommand } from "./commands/related.ts";
import { searchCommand } from "./commands/search.ts";
import { statusCommand } from "./commands/status.ts";
import { complain, reportFailure } from "./failure.ts";
import { USE_CASES, type UseCases } from "./use-cases.ts";
import type { CliWorld } from "./world.ts";

const COMMANDS = [
  initCommand,
  indexCommand,
  searchCommand,
  askCommand,
  relatedCommand,
  statusCommand,
  checkCommand,
  jobsCommand,
  cacheCommand,
] as const;

/**
 * Runs one command and returns its exit code: 0 done, 1 something failed, 2 wrong usage or
 * configuration, 130 interrupted. Never throws. `argv` comes without node and script.
 */
export async function run(
  argv: readonly string[],
  world: CliWorld,
  useCases: UseCases = USE_CASES,
): Promise<number> {
  let exitCode = 0;
  const finish = (outcome: Outcome, flags: SharedFlags): void => {
    exitCode = outcome.exitCode ?? 0;
    const lines = flags.json === true ? [JSON.stringify(outcome.json, null, 2)] : outcome.text;
    world.stdout.write(lines.map((line) => `${line}\n`).join(""));
  };
  try {
    await buildProgram({ world, useCases, finish }, await ownVersion()).parseAsync(argv, {
      from: "user",
    });
    return world.signal.aborted ? reportFailure(world, null, true) : exitCode;
  } catch (error) {
    return reportFailure(world, error, argv.includes("--json"));
  }
}

function buildProgram(context: CommandContext, version: string): Command {
  const program = new Command("siterag")
    .description("Search for documentation sites: index the Markdown, then ask it questions.")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .option("-c, --config <file>", "configuration file (default: the nearest one)")
    .option("--json", "print only the result, as JSON, on stdout")
    .addHelpText("after", '\nExample:\n  $ siterag index && siterag search "how do I install it?"');
  settle(program, context.world);
  for (const create of COMMANDS) program.addCommand(inherit(create(context), program));
  return program;
}

/** Makes commander write to `world`, and throw where it would end the process. */
function settle(program: Command, world: CliWorld): void {
  const width = (): number => world.stdout.columns || 80;
  program
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: (text) => complain(world, usageError(text)),
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

/** `error: unknown command 'serch'⏎(Did you mean search?)` in one line that names the help. */
const usageError = (text: string): string =>
  `${text
    .replace(/^error: /, "")
    .replace(/\.?\n$/, "")
    .replaceAll("\n", " ")}; see siterag --help`;

/** Uses no schema: loading zod would slow every `--help` down by a tenth of a second. */
async function ownVersion(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  return /"version": "(?<version>[^"]+)"/u.exec(text)?.groups?.["version"] ?? "unknown";
}

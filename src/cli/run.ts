import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { CommandContext, Outcome, SharedFlags } from "./command.ts";
import { addAsk } from "./commands/ask.ts";
import { addCache } from "./commands/cache.ts";
import { addJobs } from "./commands/jobs.ts";
import { addCheck } from "./commands/check.ts";
import { addIndex } from "./commands/index.ts";
import { addInit } from "./commands/init.ts";
import { addPublish } from "./commands/publish.ts";
import { addRelated } from "./commands/related.ts";
import { addSearch } from "./commands/search.ts";
import { addStatus } from "./commands/status.ts";
import { addVerify } from "./commands/verify.ts";
import { complain, reportFailure } from "./failure.ts";
import { safeJson, withoutForeignSteering } from "./paint.ts";
import { USE_CASES, type UseCases } from "./use-cases.ts";
import { PACKAGE } from "../words/own-files.ts";
import { safeMessage } from "../words/safe-message.ts";
import type { CliWorld } from "./world.ts";

/** In the order of the help. */
const COMMANDS = [
  addInit,
  addIndex,
  addSearch,
  addAsk,
  addRelated,
  addStatus,
  addCheck,
  addVerify,
  addPublish,
  addJobs,
  addCache,
];

/**
 * Runs one command and returns its exit code: 0 done, 1 something failed, 2 wrong usage or
 * configuration, 130 interrupted. Never throws. `argv` comes without node and script.
 */
export async function run(
  argv: readonly string[],
  given: CliWorld,
  useCases: UseCases = USE_CASES,
): Promise<number> {
  const stdout = withoutForeignSteering(given.stdout);
  const stderr = withoutForeignSteering(given.stderr);
  const world = { ...given, stdout, stderr };
  let exitCode = 0;
  const finish = (outcome: Outcome, flags: SharedFlags): void => {
    exitCode = outcome.exitCode ?? 0;
    const lines = flags.json === true ? [safeJson(outcome.json)] : outcome.text;
    world.stdout.write(lines.map((line) => `${line}\n`).join(""));
  };
  try {
    const program = buildProgram({ world, useCases, finish }, ownVersion());
    await program.parseAsync(argv, { from: "user" });
    return world.signal.aborted ? reportFailure(world, null, true) : exitCode;
  } catch (error) {
    return reportFailure(world, error, argv.includes("--json"));
  }
}

/** Commander writes to the world, and throws where it would end the process. */
function buildProgram(context: CommandContext, version: string): Command {
  const { world } = context;
  const width = (): number => world.stdout.columns || 80;
  const program = new Command("siterag")
    .description("Search for documentation sites: index the Markdown, then ask it questions.")
    .version(version, "-v, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .option("-c, --config <file>", "configuration file (default: the nearest one)")
    .option("--json", "print only the result, as JSON, on stdout")
    .addHelpText("after", '\nExample:\n  $ siterag index && siterag search "how do I install it?"')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
      outputError: (text) => complain(world, safeMessage(usageError(text))),
      getOutHelpWidth: width,
      getErrHelpWidth: width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const add of COMMANDS) add(program, context);
  return program;
}

/** `error: unknown command 'serch'⏎(Did you mean search?)` in one line that names the help. */
const usageError = (text: string): string =>
  `${text
    .replace(/^error: /, "")
    .replace(/\.?\n$/, "")
    .replaceAll("\n", " ")}; see siterag --help`;

/** Uses no schema: loading zod would slow every `--help` down by a tenth of a second. */
function ownVersion(): string {
  const text = readFileSync(new URL("package.json", PACKAGE), "utf8");
  return /"version": "(?<version>[^"]+)"/u.exec(text)?.groups?.["version"] ?? "unknown";
}

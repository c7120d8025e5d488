import type { Command } from "commander";
import { type CommandContext, newCommand, type SharedFlags } from "../command.ts";

/** `siterag init` */
export function initCommand(context: CommandContext): Command {
  return newCommand(
    "init",
    "Write a commented configuration for this site; nothing is overwritten.",
    "init",
  ).action(async (_flags: object, command: Command) => {
    const { initialise } = await import("../init/initialise.ts");
    const flags = command.optsWithGlobals<SharedFlags>();
    context.finish(await initialise(context.world, flags.config), flags);
  });
}

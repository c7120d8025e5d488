import { type AddCommand, newCommand, type SharedFlags } from "../command.ts";

/** `siterag init` */
export const addInit: AddCommand = (program, context) => {
  const description = "Write a configuration for the site; nothing is overwritten.";
  newCommand(program, "init", description, "init").action(async function init() {
    const { initialise } = await import("../init/initialise.ts");
    const flags = this.optsWithGlobals<SharedFlags>();
    context.finish(await initialise(context.world, flags.config), flags);
  });
};

import { type Command, Option } from "commander";
import { resolve } from "node:path";
import { SiteragError } from "../words/errors.ts";
import type { CommandContext, Outcome, SharedFlags } from "./command.ts";
import { paint, type Paint } from "./paint.ts";

/** `--published`, for every command that can search the files of a deployed site. */
export const publishedOption = (): Option =>
  new Option(
    "--published <place>",
    "search the files of `siterag publish` in this folder or at this address, without configuration or store",
  );

/** What a command works with that searches published files. */
export interface PublishedSession<Flags> extends Pick<CommandContext, "world" | "useCases"> {
  /** Absolute folder, or an address. */
  readonly from: string;
  readonly flags: Flags;
  readonly isJson: boolean;
  readonly paint: Paint;
}

interface PublishedFlags extends SharedFlags {
  readonly published?: string;
  readonly mode?: string;
}

/** An action for commander: with `--published` it acts without a configuration, else in a session. */
export const withPublished = <Flags extends object, Arguments extends unknown[]>(
  { finish, useCases, world }: CommandContext,
  inSession: (this: Command, ...given: Arguments) => Promise<void>,
  act: (session: PublishedSession<Flags>, ...given: Arguments) => Promise<Outcome>,
) =>
  async function run(this: Command, ...given: Arguments): Promise<void> {
    const all = this.optsWithGlobals<Flags & PublishedFlags>();
    const { json: isJson = false, mode = "text", published } = all;
    if (published === undefined) return inSession.apply(this, given);
    if (published === "") {
      throw new SiteragError("USAGE", "--published needs a folder or an address");
    }
    if (mode !== "text") {
      const message = `--published has no vectors: leave out --mode ${mode}`;
      throw new SiteragError("USAGE", message);
    }
    const from = /^(?:https?|file):/iu.test(published) ? published : resolve(world.cwd, published);
    const painted = paint(world, world.stdout);
    const session = { from, flags: all, isJson, world, useCases, paint: painted };
    finish(await act(session, ...given), all);
  };

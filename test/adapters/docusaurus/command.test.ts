import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { addCommand, coreOf, type Cli } from "../../../src/adapters/docusaurus/command.ts";
import { folderWith } from "../../support/temporary-folder.ts";
import { contextOf } from "./docusaurus-context.ts";

const CORE = "node_modules/@docusaurus/core";

it.each([
  ["has no such module", {}],
  ["has another one", { [`${CORE}/lib/server/site.js`]: "exports.load = () => {};" }],
])("the command says what to do if Docusaurus %s", async (_, files) => {
  const folder = await folderWith({ [`${CORE}/package.json`]: "{}", ...files });
  expect(() => coreOf(join(folder, "docusaurus.config.js"))).toThrow(/Run `docusaurus build`/u);
});

it.each([
  [
    { batchingStrategy: "bogus" },
    '--batching-strategy: expected one of auto, batch, individual, got "bogus"',
  ],
  [{ locale: ["en", "xx"] }, '--locale: expected one of en, got "xx"'],
])("the command refuses %j before it loads the site", async (options, sentence) => {
  const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const exitCode = process.exitCode;
  onTestFinished(() => {
    write.mockRestore();
    process.exitCode = exitCode;
  });
  const acts: Parameters<Cli["action"]>[0][] = [];
  const cli: Cli = {
    command: () => cli,
    description: () => cli,
    option: () => cli,
    action(run) {
      acts.push(run);
      return cli;
    },
  };
  addCommand(cli, contextOf("/nowhere"));
  for (const act of acts) await act(options);
  expect(write.mock.calls).toEqual([[`siterag: ${sentence}\n`]]);
  expect(process.exitCode).toBe(2);
});

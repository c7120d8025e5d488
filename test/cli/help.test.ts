import { describe, expect, test } from "vitest";
import packageFile from "../../package.json" with { type: "json" };
import { folderWith } from "../support/temporary-folder.ts";
import { record } from "./recording.ts";

const HELPS: readonly (readonly string[])[] = [
  [],
  ["init"],
  ["index"],
  ["search"],
  ["ask"],
  ["related"],
  ["status"],
  ["check"],
  ["verify"],
  ["publish"],
  ["cache"],
  ["cache", "stats"],
  ["cache", "prune"],
  ["cache", "clear"],
];

describe("help needs no configuration and shows an example", () => {
  test.each(HELPS.map((words) => ({ words, name: ["siterag", ...words].join("-") })))(
    "$name",
    async ({ words, name }) => {
      const cwd = await folderWith({ ".siteragrc": "broken: [" });
      const { exitCode, stdout, stderr } = await record([...words, "--help"], {
        cwd,
        useCases: {},
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain("\nExample:\n  $ siterag ");
      expect(stdout).toContain("--json");
      await expect(stdout).toMatchFileSnapshot(`../../golden/cli/help-${name}.txt`);
    },
  );
});

test("--version prints the package's version", async () => {
  const { exitCode, stdout } = await record(["--version"], { cwd: "/" });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${packageFile.version}\n` });
});

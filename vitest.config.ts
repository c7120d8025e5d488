import { statfsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Where Linux keeps a folder in memory that is large enough, stores of tests are there: half the time. */
function temporaryFolder(): string {
  const inMemory = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize > 1e9 ? inMemory : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** On a machine without times of an earlier run, large files would come first: a short one takes longest. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes("/death-");

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // The default leaves a core free: on a small machine half of them.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: "unit",
          // What is published has the scripts of the search box.
          globalSetup: "build/bundle-interface.ts",
          // No test leaves anything behind in a module: loading LanceDB once a worker saves a sixth.
          isolate: false,
          // A test leaves much garbage that is dead at once: collecting it less often saves a tenth.
          execArgv: ["--max-semi-space-size=64"],
          include: ["test/**/*.test.ts"],
          exclude: ["test/e2e/**", "test/hosts/**"],
          testTimeout: 30_000,
          env: { TMPDIR: temporaryFolder() },
          // Node itself runs the configurations that tests write, as it does for a user.
          server: { deps: { external: [/\/siterag-test-/u] } },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 20_000 } },
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "hosts",
          include: ["test/hosts/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 20_000 } },
          // Node itself runs the configurations that `init` writes, as it does for a user.
          server: { deps: { external: [/\/siterag-test-/u] } },
        },
      },
    ],
  },
});

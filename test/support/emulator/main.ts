/** `npm run emulator`: runs the Gemini emulator until Ctrl-C. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "./emulator.ts";

const print = (line: string): unknown => process.stdout.write(`${line}\n`);

const emulator = await startEmulator();
const store = await mkdtemp(join(tmpdir(), "siterag-emulator-"));

print("The Gemini emulator is running. Set in another terminal:");
print(`  export GEMINI_API_KEY=${emulator.key}`);
print(`  export GOOGLE_GEMINI_BASE_URL=${emulator.url}`);
print("Its vectors are not real, so use a separate store; set store.uri to:");
print(`  ${store}`);
print("Press Ctrl-C to stop it.");

process.once("SIGINT", () => {
  const { calls, costUsd, jobs, texts, tokens } = emulator.billed;
  print(
    `\nBilled: ${calls} calls, ${jobs} jobs, ${texts} texts, ${tokens} tokens, $${costUsd.toFixed(4)}.`,
  );
  void emulator.close();
});

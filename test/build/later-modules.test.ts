import { rolldown } from "rolldown";
import { expect, test, vi } from "vitest";
import { laterModules } from "../../build/later-modules.ts";

/** What a module exports when it is bundled. */
async function bundled(code: string): Promise<Record<string, unknown>> {
  const input = { name: "input", resolveId: () => "input", load: () => code };
  const built = await rolldown({
    input: "input",
    plugins: [laterModules, input],
    logLevel: "silent",
  });
  const { output } = await built.generate();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

test("a module of Node is loaded when its function is called, not before", async () => {
  const load = vi.spyOn(process, "getBuiltinModule");
  const { use } = await bundled(
    'import { hash } from "node:crypto"; export const use = () => hash("md5", "");',
  );
  load.mockClear();
  expect(typeof use === "function" && use()).toBe("d41d8cd98f00b204e9800998ecf8427e");
  expect(load.mock.calls).toEqual([["node:crypto"]]);
});

test("its classes are itself's where the whole module is imported", async () => {
  const { made } = await bundled(
    'import crypto from "node:crypto"; export const made = crypto.createSecretKey("a") instanceof crypto.KeyObject;',
  );
  expect(made).toBe(true);
});

test.each(["KeyObject", "constants"])(
  "to import its %s by name fails, and says why",
  async (name) => {
    const code = `import { ${name} } from "node:crypto"; export const one = ${name};`;
    await expect(bundled(code)).rejects.toThrow("of which only functions can be imported by name");
  },
);

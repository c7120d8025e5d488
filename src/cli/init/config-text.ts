import { CONFIG_KEYS } from "../../providers/load-config.ts";
import type { SiteSettings } from "./generators.ts";

/**
 * The text of a configuration file: the settings found for the site, and every other key as a
 * comment that shows its default. Above each key stands what it sets.
 */
export function configText(settings: SiteSettings, origin: string): string {
  const found: ReadonlyMap<string, unknown> = new Map(Object.entries(settings));
  const blocks = [...CONFIG_KEYS].map(([block, keys]) => {
    const lines = [...keys].flatMap(([key, schema]) => {
      const isFound = block === "content" && found.has(key);
      const setting = `${key}: ${literal(isFound ? found.get(key) : schema.parse(undefined))},`;
      return [`    // ${schema.description}`, `    ${isFound ? "" : "// "}${setting}`];
    });
    return [`  ${block}: {`, ...lines, "  },"].join("\n");
  });
  return `import { defineConfig } from "siterag";

// ${origin}
// A commented setting is the default; remove the slashes to change it.
export default defineConfig({
${blocks.join("\n")}
});
`;
}

/** JSON on one line, with the spaces that formatters put into a list. */
const literal = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : JSON.stringify(value);

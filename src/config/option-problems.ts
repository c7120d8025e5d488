import { describeProblems } from "./problems.ts";
import { checkConfig, keysOf, type ProviderTable } from "./provider-keys.ts";
import type { SiteragConfig } from "./schema.ts";

/**
 * What is wrong with the options of a plugin by themselves, one line each: where a host checks options before it
 * knows its site. What is only wrong beside other settings is not said here.
 * @param name of the options, for messages
 */
export function optionProblems(
  providers: ProviderTable,
  options: SiteragConfig,
  name: string,
): readonly string[] {
  const { embedding, ...others } = options;
  // Another place may name the provider, and with it the keys.
  const given = embedding?.provider === undefined ? others : options;
  const checked = checkConfig(providers, given);
  const issues = checked.success ? [] : checked.error.issues;
  return describeProblems(
    issues.filter(({ code }) => code !== "custom"),
    {
      file: null,
      given,
      layers: [{ name, values: { ...given } }],
      environment: {},
      keys: keysOf(providers, embedding?.provider),
    },
  );
}

import { defaults } from "../../config/keys.ts";
import { TRANSLATIONS } from "../../interface/translations.ts";
import type { SiteragConfig } from "../../providers/load-config.ts";
import type { Logger } from "../../words/types.ts";
import { astroIntegration, astroSite, type SiteragIntegration } from "./integration.ts";
import { translationKeys } from "./labels.ts";
import type { AstroConfig } from "./site.ts";
import { loadSite, type HostSite } from "../host-site.ts";
import { NO_RESULTS } from "../site-results.ts";
import {
  fillSlots,
  type StarlightChanges,
  type StarlightConfig,
  type StarlightSite,
} from "./starlight-slots.ts";
import { virtualModule } from "../virtual-module.ts";

/** The part of `StarlightPlugin` that siterag uses. */
export interface SiteragPlugin {
  readonly name: string;
  readonly hooks: {
    readonly "i18n:setup": (starlight: StarlightTranslations) => Promise<void>;
    readonly "config:setup": (starlight: StarlightSetup) => Promise<void>;
  };
}

interface StarlightTranslations {
  readonly injectTranslations: (translations: Record<string, Record<string, string>>) => unknown;
}

interface StarlightSetup {
  readonly config: StarlightConfig;
  readonly astroConfig: AstroConfig;
  readonly logger: Logger;
  readonly updateConfig: (changes: StarlightChanges) => unknown;
  readonly addIntegration: (integration: SiteragIntegration) => unknown;
}

/**
 * Gives a Starlight site its search and its related pages: `plugins: [siterag()]`. `options` win over the
 * configuration file. What the site has replaced itself stays as it is.
 */
export default function siterag(options: SiteragConfig = {}): SiteragPlugin {
  const use = { host: "starlight", options };
  return {
    name: "siterag",
    hooks: {
      "i18n:setup": async ({ injectTranslations }) => {
        injectTranslations(translationKeys(TRANSLATIONS));
      },
      "config:setup": async ({ addIntegration, astroConfig, config, logger, updateConfig }) => {
        const build = await buildSettings(astroSite(use, astroConfig, logger));
        const { changes, searchPages } = fillSlots({ config, astroConfig, build, logger });
        updateConfig(changes);
        addIntegration(astroIntegration({ ...use, searchPages, plugins: [STARLIGHT_PARTS] }));
      },
    },
  };
}

/**
 * Starlight's own components for those of siterag, which cannot import them: they may lie in a folder
 * from which Starlight is not found.
 */
const STARLIGHT_PARTS = virtualModule("virtual:siterag/starlight", () =>
  ["Pagination", "StarlightPage"]
    .map(
      (name) => `export { default as ${name} } from "@astrojs/starlight/components/${name}.astro";`,
    )
    .join("\n"),
);

/** What the configuration says of builds. If it is wrong, the build says so later. */
async function buildSettings(site: HostSite): Promise<StarlightSite["build"]> {
  return loadSite(site).then(
    (loaded) => loaded?.config.build ?? NO_RESULTS,
    () => defaults().build,
  );
}

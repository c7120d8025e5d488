import { createRequire } from "node:module";
import type { Logger } from "../../words/types.ts";

interface DocusaurusLogger {
  info(message: string): void;
  warn(message: string): void;
}

/** Docusaurus's own logger, which is a package that its core has; it hands none to plugins. */
export function hostLogger(siteConfigPath: string): Logger {
  const ofSite = createRequire(siteConfigPath);
  const ofCore = createRequire(ofSite.resolve("@docusaurus/core/package.json"));
  const loaded: unknown = ofCore("@docusaurus/logger");
  const logger = isModule(loaded) ? loaded.default : loaded;
  if (!isLogger(logger)) throw new Error("siterag needs Docusaurus 3.");
  return {
    info: (line) => logger.info(`siterag: ${line}`),
    warn: (line) => logger.warn(`siterag: ${line}`),
  };
}

const isModule = (value: unknown): value is { readonly default: unknown } =>
  typeof value === "object" && value !== null && "default" in value;

const isLogger = (value: unknown): value is DocusaurusLogger =>
  ((typeof value === "object" && value !== null) || typeof value === "function") &&
  "info" in value &&
  typeof value.info === "function" &&
  "warn" in value &&
  typeof value.warn === "function";

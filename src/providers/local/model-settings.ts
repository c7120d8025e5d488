import { createHash, type Hash } from "node:crypto";
import { closeSync, existsSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SiteragError } from "../../words/errors.ts";
import type { EmbeddingSpace } from "../../words/types.ts";
import { DTYPES, type LocalSettings } from "./local-keys.ts";
import { PRESETS, type Pooling, type Preset } from "./presets.ts";

/** A model with everything that its vectors depend on, and how it is run. */
export interface ModelSettings extends Omit<
  LocalSettings,
  "contextTokens" | "pooling" | "queryPrefix" | "passagePrefix"
> {
  readonly repository: string;
  /** Folder of its files; null: they are fetched, or in the package's own cache. */
  readonly folder: string | null;
  readonly contextTokens: number | null;
  readonly pooling: Pooling;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
}

/** Completes the settings from the model's preset and its files. Throws CONFIG_INVALID. */
export function modelSettings(settings: LocalSettings): ModelSettings {
  const preset = PRESETS[settings.model];
  const repository = preset?.repository ?? settings.model;
  const folder = folderOf(settings, repository);
  if (preset === undefined && folder === null && !repository.includes("/")) throw unknown(settings);
  const width = preset?.width ?? (folder === null ? null : widthIn(folder));
  const dimensions = settings.dimensions === 0 ? width : settings.dimensions;
  if (dimensions === null) throw unknownWidth(settings);
  return { ...settings, ...formOf(settings, preset ?? PLAIN), repository, folder, dimensions };
}

/** Of a model that is no preset. */
const PLAIN = { contextTokens: null, pooling: "mean", queryPrefix: "", passagePrefix: "" } as const;

/** How the model is used: what is set, or else what the preset says. */
const formOf = (
  settings: LocalSettings,
  preset: Omit<Preset, "repository" | "width" | "isChecked">,
) => ({
  contextTokens: settings.contextTokens ?? preset.contextTokens,
  pooling: settings.pooling ?? preset.pooling,
  queryPrefix: settings.queryPrefix ?? preset.queryPrefix,
  passagePrefix: settings.passagePrefix ?? preset.passagePrefix,
});

const CONFIG = "config.json";

function folderOf({ localModelPath, model }: LocalSettings, repository: string): string | null {
  if (localModelPath === null) return null;
  const places = [join(localModelPath, repository), join(localModelPath, model), localModelPath];
  return places.find((place) => existsSync(join(place, CONFIG))) ?? null;
}

const widthFile = z.object({ hidden_size: z.int().positive() });

function widthIn(folder: string): number | null {
  try {
    const text = readFileSync(join(folder, CONFIG), "utf8");
    return widthFile.parse(JSON.parse(text)).hidden_size;
  } catch {
    return null;
  }
}

function unknown({ localModelPath, model }: LocalSettings): SiteragError {
  const place =
    localModelPath === null
      ? "embedding.localModelPath is not set"
      : `neither ${localModelPath} nor ${join(localModelPath, model)} has a config.json`;
  return new SiteragError(
    "CONFIG_INVALID",
    `embedding.model: “${model}” is not one of ${Object.keys(PRESETS).join(", ")}, no owner/name of a repository, and no folder (${place}).`,
  );
}

const unknownWidth = ({ model }: LocalSettings): SiteragError =>
  new SiteragError(
    "CONFIG_INVALID",
    `embedding.dimensions: siterag does not know the length of the vectors of “${model}”. Set it; the config.json of the model has it as hidden_size.`,
  );

/** Files of a model on which its vectors depend; not every model has each. */
export const filesOf = ({ dtype }: Pick<ModelSettings, "dtype">): readonly string[] => {
  const weights = `onnx/model${DTYPES[dtype]}.onnx`;
  return [CONFIG, "tokenizer.json", "tokenizer_config.json", weights, `${weights}_data`];
};

/**
 * What makes the vectors of a model comparable. The revision of a folder is a hash of its files, so that
 * other weights in the same place are another space.
 */
export function spaceOf(settings: ModelSettings): EmbeddingSpace {
  const { contextTokens, dimensions, dtype, folder, model, passagePrefix, pooling } = settings;
  const { queryPrefix, repository } = settings;
  const revision =
    folder === null ? `${repository}@${settings.revision}` : hashOf(settings, folder);
  const form = { revision, dtype, pooling, queryPrefix, passagePrefix, contextTokens };
  return { provider: "local", model, dimensions, taskForm: JSON.stringify(form) };
}

function hashOf(settings: ModelSettings, folder: string): string {
  const hash = createHash("sha256");
  for (const name of filesOf(settings)) {
    const path = join(folder, name);
    if (existsSync(path)) addFile(hash.update(`${name}\0`), path);
  }
  return hash.digest("hex").slice(0, 16);
}

const PART = Buffer.alloc(1 << 20);

/** In parts: weights may be larger than the longest buffer. */
function addFile(hash: Hash, path: string): void {
  const file = openSync(path, "r");
  try {
    for (let bytes = readSync(file, PART); bytes > 0; bytes = readSync(file, PART)) {
      hash.update(PART.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

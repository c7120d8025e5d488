/** Makes `dist`, which is all that the package holds. */
import { execSync } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { setup as bundleInterface } from "./bundle-interface.ts";
import { bundleForNode, transpileForSites } from "./bundle-package.ts";
import { documentKeys } from "./document-keys.ts";
import { keepPublicTypes } from "./public-types.ts";
import { writeLicenses } from "./third-party.ts";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await rm("dist", { recursive: true, force: true });
execSync("npx tsc -p tsconfig.build.json", { stdio: "inherit" });
// Components, style sheets and what CommonJS loads.
await cp("src/adapters", "dist/adapters", {
  recursive: true,
  filter: (file) => !file.endsWith(".ts"),
});
await documentKeys();
await keepPublicTypes();
await transpileForSites();
await writeLicenses(await bundleForNode());
await bundleInterface();

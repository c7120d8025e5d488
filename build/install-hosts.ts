/**
 * Installs the packages of all sites that the tests of hosts build, each from its own lockfile:
 * `npm run install:hosts`. They are fetched at the same time.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { dirname } from "node:path";

const lockfiles = globSync("fixtures/{hosts-built,site-hosts/*}/package-lock.json");
const options = ["--no-audit", "--no-fund", "--loglevel=error"];
const codes = await Promise.all(
  lockfiles.map(async (lockfile) => {
    const child = spawn("npm", ["ci", ...options], { cwd: dirname(lockfile), stdio: "inherit" });
    const [code] = await once(child, "close");
    return Number(code);
  }),
);
process.exitCode = Math.max(...codes);

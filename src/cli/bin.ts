#!/usr/bin/env node
// Plain syntax and no static import, so that an old version of Node can parse this file.
const running = process.versions.node.split(".");
const major = Number(running[0]);
const isNewEnough = major > 22 || (major === 22 && Number(running[1]) >= 18);

if (isNewEnough) {
  // Node keeps compiled code among the temporary files; where it cannot, it goes without.
  process.getBuiltinModule("node:module").enableCompileCache();
  import("./start.ts")
    .then(function (module) {
      return module.start();
    })
    .catch(function (error) {
      process.stderr.write("siterag cannot start: " + String(error).split("\n")[0] + "\n");
      process.exitCode = 1;
    });
} else {
  process.stderr.write(
    "siterag needs Node.js 22.18 or newer; this is " +
      process.versions.node +
      ". Install a newer one from https://nodejs.org, or run `npm install --save-dev node` and then `npx siterag`.\n",
  );
  process.exitCode = 2;
}

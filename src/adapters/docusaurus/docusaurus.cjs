/**
 * What Docusaurus loads for "siterag/docusaurus". It has a loader of its own, which would translate an ES module to
 * CommonJS, with all that the module imports, each time; Node.js's own `require` takes ES modules as they are.
 */
const { createRequire } = require("node:module");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  throw new Error(
    `siterag needs Node.js 22.18 or newer; this is ${process.versions.node}. Install a newer one from https://nodejs.org, or run \`npm install --save-dev node\` and then \`npx docusaurus\`.`,
  );
}

const { createPlugin, swizzleConfig, validateOptions, validateThemeConfig } =
  createRequire(__filename)("./plugin.js");

module.exports = function siterag(context, options) {
  return createPlugin(context, options);
};
module.exports.validateOptions = validateOptions;
module.exports.validateThemeConfig = validateThemeConfig;
module.exports.getSwizzleConfig = () => swizzleConfig;

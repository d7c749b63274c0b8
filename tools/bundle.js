// Bundles the browser's code: each entry and what it imports become one file, which is checked in, so that the app runs from a
// checkout without node. `npm run bundle` writes the bundles; `node tools/bundle.js --check` says which are not up to date.

import {readFileSync, writeFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {build} from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

// What the app loads: the stage, the stage in a saved file, the replay of a training, the pad for a density, the gallery of models, the
// threshold on scores, what scrolls to what a card speaks of, what every page has, and the glossary.
const BUNDLES = {
  "vae_ui/stage/js/main.js": "vae_ui/bundles/stage.js",
  "vae_ui/stage/js/saved_file.js": "vae_ui/bundles/saved_file.js",
  "vae_ui/replay/js/main.js": "vae_ui/bundles/replay.js",
  "vae_ui/data/js/main.js": "vae_ui/bundles/density_pad.js",
  "vae_ui/models/js/main.js": "vae_ui/bundles/models.js",
  "vae_ui/anomalies/js/main.js": "vae_ui/bundles/anomalies.js",
  "vae_ui/lessons/js/main.js": "vae_ui/bundles/lessons.js",
  "vae_ui/shell/js/main.js": "vae_ui/bundles/shell.js",
  "vae_ui/shell/js/glossary/main.js": "vae_ui/bundles/glossary.js",
};

const HEAD = "// Made by `make bundles` from the modules in the folders called js: change those, never this file.";

/** The entry with all that it imports as one ES module. @param {string} entry */
async function bundle(entry) {
  const {outputFiles: [{text}]} = await build({entryPoints: [entry], absWorkingDir: ROOT, bundle: true, write: false, format: "esm",
    target: "es2022", charset: "utf8", minify: true, legalComments: "none", logLevel: "warning", banner: {js: HEAD}});
  return text;
}

const check = process.argv.includes("--check");
/** @param {string} entry @param {string} file */
async function update(entry, file) {
  const text = await bundle(entry), path = `${ROOT}/${file}`;
  if (!check) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    console.error(`${file} is not what its sources make: run "make bundles".`);
    process.exitCode = 1;
  }
}

await Promise.all(Object.entries(BUNDLES).map(([entry, file]) => update(entry, file)));

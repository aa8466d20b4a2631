/** Tells yargs where it lies: bundled into a script, it would take the working directory for its own package. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** A place that is not there: yargs looks for a package.json and for translations from its own folder on. */
const PLACE = 'file:///nonexistent/node_modules/yargs/lib/platform-shims/esm.mjs';

/** Gives the one module of yargs that asks for its place the place of no file. */
export const placeYargs: Plugin = {
  name: 'place-yargs',
  setup(build) {
    build.onLoad({ filter: /[\\/]yargs[\\/]lib[\\/]platform-shims[\\/]esm\.mjs$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(PLACE)),
    }));
  },
};

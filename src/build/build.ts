/** `npm run build`: makes dist/ (commands, library, types), and the cache of the compiled commands for the Node that runs this. */
import { execFileSync } from 'node:child_process';
import { buildDist } from './dist.ts';
import { buildLibrary, buildTypes } from './library.ts';
import { ROOT } from './options.ts';

const OUT = `${ROOT}dist`;

await buildDist(OUT);
await Promise.all([buildLibrary(OUT), buildTypes(OUT)]);
execFileSync(process.execPath, [`${OUT}/compile-cache.js`], { stdio: 'inherit' });

/** `npm run build`: makes dist/, and the cache of the compiled commands for the Node that runs this. */
import { execFileSync } from 'node:child_process';
import { buildDist } from './dist.ts';
import { ROOT } from './options.ts';

const OUT = `${ROOT}dist`;

await buildDist(OUT);
execFileSync(process.execPath, [`${OUT}/compile-cache.js`], { stdio: 'inherit' });

/** `npm run build`: makes dist/ (commands, library, types, notices), and the cache of the compiled commands for the Node that runs this. */
import { execFileSync } from 'node:child_process';
import { buildDist } from './dist.ts';
import { buildLibrary, buildTypes } from './library.ts';
import { writeNotices } from './notices.ts';
import { ROOT } from './options.ts';

const OUT = `${ROOT}dist`;

const commands = await buildDist(OUT);
const [library] = await Promise.all([buildLibrary(OUT), buildTypes(OUT)]);
writeNotices(OUT, [...commands, library]);
execFileSync(process.execPath, [`${OUT}/compile-cache.js`], { stdio: 'inherit' });

/** Builds dist/: the commands, what they load when it is needed, their launchers. docs/adr/0013-compiled-ahead.md */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { OUT, SCRIPT } from './options.mjs';
import { buildParts } from './parts.mjs';

const COMMANDS = ['polytrace', 'traceroute', 'tcptraceroute'];

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
writeFileSync(`${OUT}/package.json`, '{ "type": "commonjs" }\n');
await buildParts('src/bin/commands.ts');
const launchers = Object.fromEntries(COMMANDS.map((name) => [name, 'src/bin/launcher.ts']));
await build({
  ...SCRIPT,
  entryPoints: launchers,
  bundle: true,
  outdir: OUT,
  banner: { js: '#!/usr/bin/env node' },
});
for (const name of COMMANDS) chmodSync(`${OUT}/${name}.js`, 0o755);
await build({ ...SCRIPT, entryPoints: ['src/bin/compile-cache.ts'], bundle: true, outdir: OUT });
execFileSync(process.execPath, [`${OUT}/compile-cache.js`], { stdio: ['ignore', 'ignore', 'ignore'] });

/** Everything that is published of the code. docs/adr/0013-compiled-ahead.md */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';
import { BUNDLE, SCRIPT } from './options.ts';
import { buildParts } from './parts.ts';

const COMMANDS = ['polytrace', 'traceroute', 'tcptraceroute'];

/**
 * Empties the folder `out` and writes into it the commands, their parts and launchers, and the cache maker.
 * @returns what esbuild says of the commands and their parts; the others hold our own files alone
 */
export async function buildDist(out: string): Promise<Metafile[]> {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  writeFileSync(`${out}/package.json`, '{ "type": "commonjs" }\n');
  const metafiles = await buildParts('src/bin/commands.ts', out);
  await buildLaunchers(out);
  await build({ ...SCRIPT, ...BUNDLE, entryPoints: ['src/bin/compile-cache.ts'], outdir: out });
  return metafiles;
}

async function buildLaunchers(outdir: string): Promise<void> {
  const entryPoints = Object.fromEntries(COMMANDS.map((name) => [name, 'src/bin/launcher.ts']));
  await build({ ...SCRIPT, ...BUNDLE, entryPoints, outdir, banner: { js: '#!/usr/bin/env node' } });
  for (const name of COMMANDS) chmodSync(`${outdir}/${name}.js`, 0o755);
}

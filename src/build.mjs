/** Builds dist/: all commands in one file, a launcher for each, and V8's cache. docs/adr/0013-compiled-ahead.md */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import * as ipAddress from 'ip-address';

const OUT = 'dist';
const COMMANDS = ['polytrace', 'traceroute', 'tcptraceroute'];

/** CommonJS, which Node starts sooner than ES modules. */
const common = {
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  define: { 'import.meta.filename': '__filename', 'import.meta.url': '__filename' },
  external: ['raw-socket', 'koffi', 'yargs', 'dns-packet'],
  outdir: OUT,
  logLevel: 'warning',
};

const getters = Object.keys(ipAddress).map(
  (name) =>
    `Object.defineProperty(exports, '${name}', { get: () => require('real:ip-address').${name}, enumerable: true });`,
);
/** Evaluates ip-address when one of its exports is first used, which no trace to an IPv4 address does. */
const deferIpAddress = {
  name: 'defer-ip-address',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^ip-address$/, namespace: 'file' }, ({ pluginData }) =>
      pluginData === 'real' ? undefined : { path: 'ip-address', namespace: 'deferred' },
    );
    onLoad({ filter: /.*/, namespace: 'deferred' }, () => ({
      contents: getters.join('\n'),
      resolveDir: '.',
    }));
    onResolve({ filter: /^real:/, namespace: 'deferred' }, () =>
      resolve('ip-address', { kind: 'require-call', resolveDir: '.', namespace: 'file', pluginData: 'real' }),
    );
  },
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
writeFileSync(`${OUT}/package.json`, '{ "type": "commonjs" }\n');
await build({
  ...common,
  entryPoints: ['src/bin/commands.ts'],
  plugins: [deferIpAddress],
  banner: { js: '(function (require, __filename) { const module = {};' },
  footer: { js: 'return module.exports; })' },
});
const launchers = Object.fromEntries(COMMANDS.map((name) => [name, 'src/bin/launcher.ts']));
await build({ ...common, entryPoints: launchers, banner: { js: '#!/usr/bin/env node' } });
for (const name of COMMANDS) chmodSync(`${OUT}/${name}.js`, 0o755);
await build({ ...common, entryPoints: ['src/bin/compile-cache.ts'] });
execFileSync(process.execPath, [`${OUT}/compile-cache.js`], { stdio: ['ignore', 'ignore', 'ignore'] });

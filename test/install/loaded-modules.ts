/** What a program of dist/ loads. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PRELOADED = fileURLToPath(new URL('loaded-modules.cjs', import.meta.url));
/** Modules of Node that take a millisecond or more to load. */
const LARGE = ['net', 'dgram', 'stream', 'tty', 'crypto', 'dns', 'child_process', 'cluster', 'perf_hooks'];

export interface Loaded {
  /** Of Node's own modules, those that it does not load for an empty program. */
  readonly builtins: readonly string[];
  /** The packages, native ones included. */
  readonly packages: readonly string[];
}

/** Runs `script` to its end, which must be a good one. */
export function loadedBy(script: string, ...args: string[]): Loaded {
  const { status, stderr } = spawnSync(process.execPath, ['--require', PRELOADED, script, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: '' },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const said = JSON.parse(stderr.split('\n').at(-1) ?? '') as { builtins: string[]; files: string[] }; // loaded-modules.cjs
  const packages = said.files.flatMap(
    (file) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.slice(1) ?? [],
  );
  return { builtins: said.builtins, packages: [...new Set(packages)] };
}

/** The large ones among Node's modules. */
export function largeOf({ builtins }: Loaded): string[] {
  return builtins.filter((name) => LARGE.includes(name));
}
